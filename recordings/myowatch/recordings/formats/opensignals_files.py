"""Read OpenSignals recordings, in HDF5 and text."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from myowatch.recordings.formats.csv_numbers import parse_last_rows, text_chunks
from myowatch.recordings.formats.opensignals import (
    Device,
    DeviceStream,
    form_streams,
    parse_device,
    too_short,
)
from myowatch.recordings.model.recording import Recording
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import SampleBlock

_DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError)
"""Exceptions of h5py for damaged files; they depend on where the damage is."""


class OpenSignalsH5(Recording):
    """An OpenSignals HDF5 file; use `open_recording`."""

    format = "OpenSignals HDF5"

    def __init__(self, path: Path, site: str = "") -> None:
        import h5py

        super().__init__(path)
        try:
            self._file = h5py.File(path, "r")
        except _DAMAGE as error:
            raise _damaged(path, error) from error
        try:
            self._open(site)
        except BaseException:
            self._file.close()
            raise

    def _open(self, site: str) -> None:
        try:
            devices = [self._device(address) for address in self._file]
        except _DAMAGE as error:
            raise _damaged(self.path, error) from error
        self._formed, warnings = form_streams(devices, site, self.path)
        for warning in warnings:
            self._warn(warning)
        self.streams = tuple(formed.stream for formed in self._formed)
        self.started = devices[0].started
        self.n_samples = {f.stream.name: self._length(f) for f in self._formed}
        if (longest := max(self.n_samples.values())) <= 1:
            raise too_short(self.path, longest)

    def _device(self, address: str) -> Device:
        group = self._file[address]
        described = {key: _plain(value) for key, value in group.attrs.items()}
        raw = [group[f"raw/channel_{number}"] for number in described["channels"]]
        described["sensor"] = [_plain(channel.attrs["sensor"]) for channel in raw]
        described["label"] = [_plain(channel.attrs["label"]) for channel in raw]
        return parse_device(address, described, self.path)

    def _datasets(self, formed: DeviceStream) -> list[Any]:
        group = self._file[formed.device.address]
        return [group[f"raw/channel_{channel.number}"] for channel in formed.channels]

    def _length(self, formed: DeviceStream) -> int:
        try:
            return min(len(dataset) for dataset in self._datasets(formed))
        except _DAMAGE as error:
            raise _damaged(self.path, error) from error

    def _read(self, seconds: float) -> Iterator[SampleBlock]:
        lengths = {f.stream.name: self._length(f) for f in self._formed}
        duration = max(lengths[s.name] / s.sampling_rate for s in self.streams)
        step = 0
        while step * seconds < duration:
            for formed in self._formed:
                rate = formed.stream.sampling_rate
                first, end = (
                    min(int(s * seconds * rate), lengths[formed.stream.name])
                    for s in (step, step + 1)
                )
                if first < end:
                    samples = formed.convert(self._adc(formed, first, end))
                    yield SampleBlock(formed.stream, first, samples)
            step += 1
            self.progress = min(1.0, step * seconds / duration)

    def _adc(self, formed: DeviceStream, first: int, end: int) -> np.ndarray[Any, Any]:
        try:
            columns = [
                np.asarray(dataset[first:end], np.float64).reshape(end - first, -1)[:, 0]
                for dataset in self._datasets(formed)
            ]
        except _DAMAGE as error:
            raise _damaged(self.path, error) from error
        return np.stack(columns, axis=1)

    def _close(self) -> None:
        self._file.close()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _damaged(path: Path, error: Exception) -> UnreadableRecording:
    return UnreadableRecording(
        f"{path} is damaged, or not an OpenSignals file: {error}", "copy or export it again"
    )


FIRST_LINE = b"# OpenSignals Text File Format"

_END_OF_HEADER = b"# EndOfHeader"
_LONGEST_HEADER = 1 << 20


class OpenSignalsText(Recording):
    """An OpenSignals text file; use `open_recording`.

    Each line holds all devices, so they have one sampling rate.
    """

    format = "OpenSignals text"

    def __init__(self, path: Path, file: BinaryIO, site: str = "") -> None:
        super().__init__(path)
        self._file = file
        self._size = path.stat().st_size
        described, self._head_bytes, self._head_lines = _read_head(file, path)
        devices = [parse_device(address, device, path) for address, device in described.items()]
        self._formed, warnings = form_streams(devices, site, path)
        for warning in warnings:
            self._warn(warning)
        self.streams = tuple(formed.stream for formed in self._formed)
        self.started = devices[0].started
        self._columns, self._n_columns = _positions(self._formed, described, path)

    def _read(self, seconds: float) -> Iterator[SampleBlock]:
        first = 0
        longest = max(1, int(seconds * self.streams[0].sampling_rate))
        for chunk in text_chunks(self._file, self._head_bytes, self._head_lines + 1, self.path):
            # Remove the tab at the end of each line; the parser expects commas.
            rows = chunk.text.replace(b"\t\r\n", b"\n").replace(b"\t\n", b"\n").rstrip(b"\t")
            cells, torn = parse_last_rows(
                rows.replace(b"\t", b","), self._n_columns, chunk.first_line, self.path
            )
            if torn:
                self._warn(torn)
            for start in range(0, len(cells), longest):
                part = cells[start : start + longest]
                for formed, columns in zip(self._formed, self._columns, strict=True):
                    samples = formed.convert(part[:, columns])
                    yield SampleBlock(formed.stream, first + start, samples)
            first += len(cells)
            self.progress = min(1.0, chunk.end / max(1, self._size))
        if first <= 1:
            raise too_short(self.path, first)

    def _close(self) -> None:
        self._file.close()


def _read_head(file: BinaryIO, path: Path) -> tuple[Mapping[str, Mapping[str, Any]], int, int]:
    """Return the description of each device, and the bytes and lines of the header."""
    file.seek(0)
    head, n_lines, described = b"", 0, None
    while len(head) < _LONGEST_HEADER and (line := file.readline(_LONGEST_HEADER)):
        head, n_lines = head + line, n_lines + 1
        if line.startswith(b"# {"):
            try:
                described = json.loads(line[2:])
            except (ValueError, RecursionError):
                break
        if line.startswith(_END_OF_HEADER) and isinstance(described, dict) and described:
            if all(isinstance(device, dict) for device in described.values()):
                return described, len(head), n_lines
            break
    raise UnreadableRecording(
        f"{path} has a damaged OpenSignals header", "export it again from OpenSignals"
    )


def _positions(
    formed: list[DeviceStream], described: Mapping[str, Mapping[str, Any]], path: Path
) -> tuple[list[list[int]], int]:
    """Return the columns of each stream, and the number of all columns."""
    if len({f.stream.sampling_rate for f in formed}) > 1:
        raise UnreadableRecording(
            f"{path} has devices of different rates in one table", "export it as HDF5"
        )
    start: dict[str, int] = {}
    n_columns = 0
    try:
        for address, device in described.items():
            start[address] = n_columns + len(device["column"]) - len(device["channels"])
            n_columns += len(device["column"])
    except (KeyError, TypeError) as error:
        raise UnreadableRecording(f"{path} does not name its columns", "export it again") from error
    columns = [
        [start[f.device.address] + f.device.channels.index(c) for c in f.channels] for f in formed
    ]
    if min(start.values()) < 0:
        raise UnreadableRecording(f"{path} has fewer columns than channels", "export it again")
    return columns, n_columns
