"""A board that BrainFlow knows as a source: `brainflow:BOARD?serial_port=...`."""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

from myowatch.acquisition import brainflow_boards as boards
from myowatch.acquisition.link_meter import LinkMeter
from myowatch.acquisition.source import SourceLost
from myowatch.acquisition.source_text import SourceText
from myowatch.acquisition.timing.host_clock import now_s
from myowatch.acquisition.timing.placing import Placing
from myowatch.recordings.link_quality import LinkQuality
from myowatch.recordings.problem import Problem
from myowatch.signal.samples import SampleBlock, Stream

READ_EVERY_S = 0.05
SILENT_S = 5.0
"""No board on BrainFlow's list pauses for so long while it is connected."""
BUFFER_S = 60.0
"""BrainFlow keeps so much: a computer that is too busy for less than this loses nothing."""


class BrainFlowSource:
    """Samples of a board, as BrainFlow hands them over.

    Parameters
    ----------
    board
        BrainFlow's name for it, `cyton`, or its number.
    inputs
        BrainFlow's input parameters: `serial_port`, `mac_address` and so on.
    channels
        Which of the electrodes' channels to take, from 1 on; empty for all.
    config
        Sent to the board before it streams, such as the gain of a Cyton.
    """

    def __init__(
        self,
        board: str,
        inputs: Mapping[str, str],
        *,
        channels: Sequence[int] = (),
        config: str = "",
        site: str = "",
        text: str = "",
    ) -> None:
        self.text = text or f"brainflow:{board}"
        self.site = site
        self._name, self._inputs = board, inputs
        self._channels, self._config = channels, config
        self._board: Any = None
        self._is_playback = False
        self._feeds: list[boards.Feed] = []
        self._placing: Placing | None = None
        self._meter = LinkMeter()
        self._heard_s = 0.0

    @classmethod
    def parse(cls, text: SourceText, site: str) -> "BrainFlowSource":
        """Make the source that a text names.

        Raises
        ------
        WrongSource
            If an option is wrong; one for BrainFlow is looked at when the board is opened.
        """
        inputs = {k: v for k, v in text.options.items() if k not in {"site", "channels", "config"}}
        return cls(
            text.address,
            inputs,
            channels=text.option("channels", _numbers, (), needs="numbers from 1 on, as in 1,2,4"),
            config=text.options.get("config", ""),
            site=site,
            text=text.text,
        )

    def open(self) -> tuple[Stream, ...]:
        """Connect and let the board stream; a wireless one may take half a minute.

        Raises
        ------
        Problem
            If BrainFlow is not installed, does not know the board or cannot reach it.
        """
        shim = boards.library()
        number = boards.board_number(shim, self._name)
        params = boards.parameters(shim, self._inputs)
        self._is_playback = number == boards.PLAYBACK_BOARD
        try:
            described = params.master_board if self._is_playback else number
            self._feeds = boards.feeds(shim, described, channels=self._channels, site=self.site)
            self._board = shim.BoardShim(number, params)
            self._start()
        except shim.BrainFlowError as error:
            self.close()
            raise Problem(
                f"BrainFlow cannot open {self.text}: {error.args[0]}",
                "check that the board is on, and its port or address, as in "
                "brainflow:cyton?serial_port=/dev/ttyUSB0",
            ) from error
        sensors = [sensor for feed in self._feeds for sensor in feed.sensors]
        if self._placing is None:
            self._placing = Placing(sensors)
        else:
            self._meter.reconnects += 1
            self._placing.resume()
        return tuple(stream for sensor in sensors for stream in sensor.streams)

    def read(self) -> list[SampleBlock] | None:
        """Give what the board has sent; None at the end of a file that is played back."""
        time.sleep(READ_EVERY_S)
        assert self._placing is not None
        runs = [
            run
            for feed in self._feeds
            for run in feed.runs(self._board.get_board_data(preset=feed.preset))
        ]
        now = now_s()
        if runs:
            self._heard_s = now
            return self._placing.place(runs, now)
        if now - self._heard_s < SILENT_S:
            return []
        if self._is_playback:
            return None
        raise SourceLost(
            f"nothing has come from {self.text} for {SILENT_S:g} s",
            "check its battery, and that it is near",
        )

    def close(self) -> None:
        """Let go of the board."""
        board, self._board = self._board, None
        if board is not None and board.is_prepared():
            board.release_session()

    @property
    def progress(self) -> None:
        """None: nobody knows how long a board goes on."""
        return

    @property
    def link(self) -> LinkQuality | None:
        """How well samples come through; None before it was opened."""
        if self._placing is None:
            return None
        return self._meter.quality(self.text, self._placing)

    def truth(self) -> None:
        """Give nothing: a board does not know what truly happened."""
        return

    def _start(self) -> None:
        self._board.prepare_session()
        if self._config:
            self._board.config_board(self._config)
        fastest = max(feed.sensors[0].sampling_rate for feed in self._feeds)
        self._board.start_stream(math.ceil(fastest * BUFFER_S))
        self._heard_s = now_s()


def _numbers(text: str) -> tuple[int, ...]:
    numbers = tuple(int(number) for number in text.split(","))
    if min(numbers) < 1:
        raise ValueError(f"need numbers from 1 on, got {text}")
    return numbers
