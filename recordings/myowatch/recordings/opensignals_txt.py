"""OpenSignals recordings as text: a JSON description in a comment, then tab-separated counts."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from myowatch.recordings.opensignals import DeviceStream, form_streams, parse_device, too_short
from myowatch.recordings.problem import UnreadableRecording
from myowatch.recordings.recording import Recording
from myowatch.recordings.text_chunks import text_chunks
from myowatch.signal.samples import SampleBlock

FIRST_LINE = b"# OpenSignals Text File Format"

_END_OF_HEADER = b"# EndOfHeader"
_LONGEST_HEADER = 1 << 20


class OpenSignalsText(Recording):
    """An OpenSignals text file; use `open_recording`.

    All devices stand side by side on each line, so all have one rate.
    """

    format = "OpenSignals text"

    def __init__(self, path: Path, file: BinaryIO, site: str = "") -> None:
        super().__init__(path)
        self._file = file
        self._size = path.stat().st_size
        said, self._head_bytes, self._head_lines = _read_head(file, path)
        devices = [parse_device(address, device, path) for address, device in said.items()]
        self._formed, warnings = form_streams(devices, site, path)
        for warning in warnings:
            self._warn(warning)
        self.streams = tuple(formed.stream for formed in self._formed)
        self.started = devices[0].started
        self._columns, self._n_columns = _positions(self._formed, said, path)

    def _read(self, seconds: float) -> Iterator[SampleBlock]:
        from myowatch.recordings.csv_cells import parse_last_rows

        first = 0
        longest = max(1, int(seconds * self.streams[0].sampling_rate))
        for chunk in text_chunks(self._file, self._head_bytes, self._head_lines + 1, self.path):
            # Lines end with a tab, which makes an empty cell; commas are what the parser knows.
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
    """Read the description of each device, and how many bytes and lines it takes."""
    file.seek(0)
    head, n_lines, said = b"", 0, None
    while len(head) < _LONGEST_HEADER and (line := file.readline(_LONGEST_HEADER)):
        head, n_lines = head + line, n_lines + 1
        if line.startswith(b"# {"):
            try:
                said = json.loads(line[2:])
            except (ValueError, RecursionError):
                break
        if line.startswith(_END_OF_HEADER) and isinstance(said, dict) and said:
            if all(isinstance(device, dict) for device in said.values()):
                return said, len(head), n_lines
            break
    raise UnreadableRecording(
        f"{path} has a damaged OpenSignals header", "export it again from OpenSignals"
    )


def _positions(
    formed: list[DeviceStream], said: Mapping[str, Mapping[str, Any]], path: Path
) -> tuple[list[list[int]], int]:
    """Columns of each stream, and how many there are."""
    if len({f.stream.sampling_rate for f in formed}) > 1:
        raise UnreadableRecording(
            f"{path} has devices of different rates in one table", "export it as HDF5"
        )
    start: dict[str, int] = {}
    n_columns = 0
    try:
        for address, device in said.items():
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
