"""Write recordings as plain CSV, the format that every command reads."""

import csv
import io
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

import numpy as np

from myowatch.recordings.bdf.bdf_layout import to_counts, to_samples
from myowatch.recordings.bdf.record_queues import PendingSamples
from myowatch.recordings.formats.csv_header import escape_formula
from myowatch.recordings.storage.disk import create_private
from myowatch.recordings.storage.problem import StorageProblem, storage_problem
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream

_ROWS_AT_ONCE = 100_000


class CsvWriter:
    """Writes blocks as rows; a context manager.

    Files are complete or, if the body of the `with` raises, removed. One file has one time column
    and so one rate: streams of other rates are written to files of their own, `night-104Hz.csv`.
    Rows in which every sample is missing are left out.

    Parameters
    ----------
    streams
        At least one.

    Raises
    ------
    StorageProblem
        If a file exists or cannot be written.
    """

    def __init__(
        self, path: Path, streams: Sequence[Stream], *, started: datetime | None = None
    ) -> None:
        self._files = ExitStack()
        self._tables: list[_Table] = []
        rates = list(dict.fromkeys(stream.sampling_rate for stream in streams))
        for rate in rates:
            own = [stream for stream in streams if stream.sampling_rate == rate]
            target = path if rate == rates[0] else path.with_stem(f"{path.stem}-{rate:g}Hz")
            try:
                descriptor = create_private(target)
            except StorageProblem:
                self.discard()
                raise
            file = open(descriptor, "w", encoding="utf-8", newline="")  # noqa: SIM115, PTH123
            self._files.enter_context(file)
            self._tables.append(_Table(target, file, own, started))

    def __enter__(self) -> "CsvWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    @property
    def paths(self) -> list[Path]:
        """Return the files, one for each rate."""
        return [table.path for table in self._tables]

    def write(self, block: SampleBlock) -> None:
        """Add a block; a jump of `first_sample` leaves rows out."""
        for table in self._tables:
            if block.stream.name in table.pending:
                table.write(block)

    def close(self) -> None:
        """Write the remaining samples; if that fails, remove the files."""
        try:
            for table in self._tables:
                table.finish()
        except StorageProblem:
            self.discard()
            raise
        self._files.close()

    def discard(self) -> None:
        """Remove the files: an incomplete table looks like a complete one."""
        with suppress(OSError):  # no space for buffered text
            self._files.close()
        for path in self.paths:
            path.unlink(missing_ok=True)


class _Table:
    """One file with the streams of one rate."""

    def __init__(
        self, path: Path, file: TextIO, streams: Sequence[Stream], started: datetime | None
    ) -> None:
        self.path, self._file, self._streams = path, file, streams
        self.pending = {stream.name: PendingSamples(stream) for stream in streams}
        self._n_rows = 0
        self._write_text(_head(streams, started))

    def write(self, block: SampleBlock) -> None:
        counts, clipped = to_counts(block.samples, block.stream.resolution)
        self.pending[block.stream.name].clipped += clipped
        self.pending[block.stream.name].add(block.first_sample, counts)
        self._write_rows(min(pending.end_sample for pending in self.pending.values()))

    def finish(self) -> None:
        self._write_rows(max(pending.end_sample for pending in self.pending.values()))
        try:
            self._file.flush()
        except OSError as error:
            raise storage_problem(self.path, error) from error

    def _write_rows(self, end: int) -> None:
        while self._n_rows < end:
            first, self._n_rows = self._n_rows, min(end, self._n_rows + _ROWS_AT_ONCE)
            columns = [
                to_samples(self.pending[stream.name].take(self._n_rows), stream)
                for stream in self._streams
            ]
            samples = np.concatenate(columns, axis=1)
            there = np.flatnonzero(~np.isnan(samples).all(axis=1))
            if first == 0 and 0 not in there[:1]:
                there = np.insert(there, 0, 0)  # keep the first row: times are counted from it
            if len(there):
                times = np.round((first + there) / self._streams[0].sampling_rate, 7)
                self._write_text(_rows(times, samples[there]))

    def _write_text(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError as error:
            raise storage_problem(self.path, error) from error


def _rows(times: Samples, samples: Samples) -> str:
    """Return rows of the shortest decimals that are read back equal, empty where missing."""
    import pyarrow as pa
    import pyarrow.csv

    columns = [times, *samples.T]
    arrays = [pa.array(np.ascontiguousarray(column), from_pandas=True) for column in columns]
    table = pa.Table.from_arrays(arrays, names=[str(i) for i in range(len(arrays))])
    text = pa.BufferOutputStream()
    pyarrow.csv.write_csv(table, text, pyarrow.csv.WriteOptions(include_header=False))
    return str(text.getvalue().to_pybytes(), "ascii")


def _head(streams: Sequence[Stream], started: datetime | None) -> str:
    lines = [f"# sampling_rate_hz: {streams[0].sampling_rate!r}"]
    if started is not None:
        lines.append(f"# started: {started.isoformat()}")
    lines += [f"# site {stream.name}: {stream.site}" for stream in streams if stream.site]
    lines += [
        f"# modality {stream.name}: {stream.modality}"
        for stream in streams
        if stream.modality is Modality.ENVELOPE
    ]
    lines += [f"# resolution {stream.name}: {stream.resolution!r}" for stream in streams]
    names = [f"{name} [{stream.unit}]" for stream in streams for name in _column_names(stream)]
    header = io.StringIO()
    csv.writer(header, lineterminator="").writerow(["time_s", *map(escape_formula, names)])
    return "\n".join([*lines, header.getvalue(), ""])


def _column_names(stream: Stream) -> list[str]:
    if len(stream.channels) == 1:
        return [stream.name]
    return [f"{stream.name}.{axis}" for axis in "xyz"]
