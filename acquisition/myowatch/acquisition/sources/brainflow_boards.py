"""BrainFlow's boards, and its arrays as runs of samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from myowatch.acquisition.source.source import WrongSource
from myowatch.acquisition.timing.placing import Sensor, sensors_of
from myowatch.acquisition.timing.sample_counts import PackageCount
from myowatch.acquisition.wire.decoding import Layout, Run
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.samples import AXES, COLUMN_UNITS, Samples, quantise

PLAYBACK_BOARD = -3
_ELECTRODES = ("emg_channels", "ecg_channels", "eeg_channels")
"""BrainFlow's names of electrode inputs: the first kind that a board has."""
_COARSE = ("ganglion",)
"""Boards whose accelerometer has steps of 16 mg at most ten times a second (OpenBCI's "Ganglion
Data Format"), repeated at the rate of the electrodes: each step would look like a twitch."""
_NEVER = 2**62
"""Our own count, from package numbers, does not wrap."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a board sends at one rate.

    Parameters
    ----------
    preset
        BrainFlow's number of it.
    rows
        Rows of BrainFlow's array, for each sensor.
    """

    preset: int
    package_row: int
    sensors: tuple[Sensor, ...]
    rows: tuple[Sequence[int], ...]
    count: PackageCount

    def runs(self, data: Samples) -> list[Run]:
        """Return BrainFlow's array, shape (n_rows, n_samples), as runs without a loss."""
        pieces = self.count.add(data[self.package_row])
        return [
            Run(sensor.layout, _values(sensor.layout, data[rows, piece]), count)
            for piece, count in pieces
            for sensor, rows in zip(self.sensors, self.rows, strict=True)
        ]


def library() -> ModuleType:
    """Return BrainFlow's board module, with its log turned off.

    Raises
    ------
    Problem
        If BrainFlow is not installed.
    """
    try:
        from brainflow import board_shim
    except ImportError as error:
        raise Problem(
            "BrainFlow is not installed", "install it: pip install 'myowatch[brainflow]'"
        ) from error
    board_shim.BoardShim.disable_board_logger()
    module: ModuleType = board_shim
    return module


def board_number(shim: ModuleType, name: str) -> int:
    """Return BrainFlow's number of a board.

    Parameters
    ----------
    name
        `cyton`, `ganglion-native`, or the number itself.

    Raises
    ------
    WrongSource
        If BrainFlow has no such board.
    """
    numbers = {_plain(board.name): int(board.value) for board in shim.BoardIds}
    numbers |= {str(number): number for number in numbers.values()}
    if _plain(name) in numbers:
        return numbers[_plain(name)]
    known = ", ".join(sorted(known for known in numbers if not known.lstrip("-").isdigit()))
    raise WrongSource(f"BrainFlow has no board {name!r}", f"it has {known}")


def parameters(shim: ModuleType, inputs: Mapping[str, str]) -> Any:
    """Return BrainFlow's input parameters from options as typed.

    Raises
    ------
    WrongSource
        If BrainFlow has no such parameter, or a number is invalid.
    """
    params = shim.BrainFlowInputParams()
    known = vars(params)
    for key, value in inputs.items():
        if key not in known:
            options = ", ".join(["site", "channels", "config", *known])
            raise WrongSource(f"brainflow: has no option {key!r}", f"it has {options}")
        setattr(params, key, _parameter(shim, key, value, is_number=isinstance(known[key], int)))
    return params


def feeds(
    shim: ModuleType, board: int, *, channels: Sequence[int] = (), site: str = ""
) -> list[Feed]:
    """Return the channels of a board in which twitches can be seen, electrodes first.

    Parameters
    ----------
    channels
        Electrode channels, from 1 on; empty for all.

    Raises
    ------
    Problem
        If there are no sensors, or no such channel.
    """
    found: list[Feed] = []
    coarse = _plain(shim.BoardIds(board).name).startswith(_COARSE)
    wanted = {"EMG"} if coarse else {"EMG", "ACC"}
    for preset in sorted(shim.BoardShim.get_board_presets(board)):
        said = shim.BoardShim.get_board_descr(board, preset)
        rows = {name: _rows(said, name, channels) for name in sorted(wanted, reverse=True)}
        rows = {name: those for name, those in rows.items() if those}
        wanted -= rows.keys()
        if rows:
            found.append(_feed(preset, said, rows, site))
    if not found:
        raise Problem(
            "BrainFlow's board has neither electrodes nor an accelerometer", "use another board"
        )
    return found


def _feed(
    preset: int, said: Mapping[str, Any], rows: Mapping[str, Sequence[int]], site: str
) -> Feed:
    layouts = [_layout(name, len(rows[name]), float(said["sampling_rate"])) for name in rows]
    sensors = sensors_of(layouts, {}, site=site)
    return Feed(preset, said["package_num_channel"], sensors, tuple(rows.values()), PackageCount())


def _rows(said: Mapping[str, Any], name: str, channels: Sequence[int]) -> list[int]:
    if name == "ACC":
        axes: list[int] = said.get("accel_channels", [])
        return axes if len(axes) == AXES else []
    rows: list[int] = next((said[kind] for kind in _ELECTRODES if kind in said), [])
    if rows and channels and max(channels) > len(rows):
        raise WrongSource(
            f"this board has no channel {max(channels)}", f"it has channels 1 to {len(rows)}"
        )
    return [rows[channel - 1] for channel in channels] if rows and channels else rows


def _layout(name: str, n_channels: int, rate: float) -> Layout:
    # BrainFlow gives microvolts and g.
    unit = COLUMN_UNITS["uV" if name == "EMG" else "g"]
    numbered = tuple(f"EMG{number}" for number in range(1, n_channels + 1))
    names = numbered if name == "EMG" else ("x", "y", "z")
    return Layout(name, unit.modality, unit.unit, names, unit.resolution, rate, _NEVER)


def _values(layout: Layout, rows: Samples) -> Samples:
    return quantise(rows.T, layout.resolution)


def _parameter(shim: ModuleType, key: str, value: str, *, is_number: bool) -> str | int:
    if key == "master_board":
        return board_number(shim, value)
    if not is_number:
        return value
    try:
        return int(value)
    except ValueError:
        raise WrongSource(f"{key}={value} is wrong", f"{key} has to be a whole number") from None


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").removesuffix("-board")
