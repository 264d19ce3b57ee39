"""A board that BrainFlow supports, as a source: `brainflow:BOARD?serial_port=...`."""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

from myowatch.acquisition.device.device_source import READ_EVERY_S, DeviceSource, SensorSamples
from myowatch.acquisition.source.source import SourceText
from myowatch.acquisition.sources import brainflow_boards as boards
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.samples import SampleBlock, Stream

BUFFER_S = 60.0
"""Size of BrainFlow's buffer: a computer that is busy for less than this loses nothing."""


class BrainFlowSource(DeviceSource):
    """Samples of a board, as BrainFlow decodes them.

    Parameters
    ----------
    board
        BrainFlow's name for it, `cyton`, or its number.
    inputs
        BrainFlow's input parameters: `serial_port`, `mac_address` and so on.
    channels
        Electrode channels to record, from 1 on; empty for all.
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
        self._samples = SensorSamples(self.text)
        super().__init__(self._samples)

    @classmethod
    def parse(cls, text: SourceText, site: str) -> "BrainFlowSource":
        """Return the source that a text names.

        Raises
        ------
        WrongSource
            If an option is wrong; BrainFlow's own options are checked in `open`.
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
        """Connect and start the board; a wireless one may take half a minute.

        Raises
        ------
        Problem
            If BrainFlow is not installed, or cannot open the board.
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
        return self._samples.begin(sensors)

    def read(self) -> list[SampleBlock] | None:
        """Return what the board has sent; None at the end of a file that is played back."""
        time.sleep(READ_EVERY_S)
        runs = [
            run
            for feed in self._feeds
            for run in feed.runs(self._board.get_board_data(preset=feed.preset))
        ]
        blocks = self._samples.place(runs)
        if blocks or not self._samples.is_silent:
            return blocks
        if self._is_playback:
            return None
        raise self._samples.lost("check its battery, and bring it nearer")

    def close(self) -> None:
        """Close the board."""
        board, self._board = self._board, None
        if board is not None and board.is_prepared():
            board.release_session()

    @property
    def link(self) -> LinkQuality | None:
        """Link quality; None before the first `open`."""
        return self._samples.quality

    def _start(self) -> None:
        self._board.prepare_session()
        if self._config:
            self._board.config_board(self._config)
        fastest = max(feed.sensors[0].sampling_rate for feed in self._feeds)
        self._board.start_stream(math.ceil(fastest * BUFFER_S))


def _numbers(text: str) -> tuple[int, ...]:
    numbers = tuple(int(number) for number in text.split(","))
    if min(numbers) < 1:
        raise ValueError(f"need numbers from 1 on, got {text}")
    return numbers
