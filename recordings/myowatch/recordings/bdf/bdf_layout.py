"""Byte layout of our BDF+ data records: where the samples of each stream are."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import gcd

import numpy as np
import numpy.typing as npt

from myowatch.signal.model.samples import Samples, Stream

TARGET_S = Fraction(1, 10)
_SHORTEST_S, _LONGEST_S = Fraction(1, 50), Fraction(1, 4)
_MICRO = 10**6  # an 8-character header field holds `0.123456`


def choose_record_duration(rates: Sequence[float]) -> Decimal:
    """Return a duration near 0.1 s in which every rate gives a whole number of samples.

    Estimated rates may have none; then the duration with the smallest error is returned.

    >>> choose_record_duration([1000.0, 104.0])
    Decimal('0.125')
    """
    exact = _exact_durations([Fraction(rate).limit_denominator(1000) for rate in rates])
    if exact and all(Fraction(rate).limit_denominator(1000) == rate for rate in rates):
        return _decimal(min(exact, key=lambda duration: abs(duration - TARGET_S)))
    return _decimal(_nearest_duration(np.asarray(rates)))


def _exact_durations(rates: Sequence[Fraction]) -> list[Fraction]:
    common = reduce(
        lambda a, b: Fraction(gcd(a.numerator * b.denominator, b.numerator * a.denominator),
                              a.denominator * b.denominator),
        rates,
    )  # fmt: skip
    shortest = 1 / common
    multiples = range(1, int(_LONGEST_S / shortest) + 1)
    fits = (n * shortest for n in multiples)
    return [d for d in fits if d >= _SHORTEST_S and (d * _MICRO).denominator == 1]


def _nearest_duration(rates: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Fraction:
    fastest = rates.max()
    wanted = np.arange(
        max(1, round(fastest * float(_SHORTEST_S))), max(2, round(fastest * float(_LONGEST_S)) + 1)
    )
    micros = np.maximum(1, np.rint(wanted / fastest * _MICRO))
    filled = np.outer(micros / _MICRO, rates)
    whole = np.maximum(1, np.rint(filled))
    misfit = np.abs(whole / filled - 1).max(axis=1)
    # Of durations with the same error, prefer the one nearest 0.1 s.
    misfit += 1e-7 * np.abs(micros / _MICRO - float(TARGET_S))
    return Fraction(int(micros[misfit.argmin()]), _MICRO)


def _decimal(duration: Fraction) -> Decimal:
    return (Decimal(duration.numerator) / Decimal(duration.denominator)).normalize()


MISSING = -(1 << 23)
LARGEST = (1 << 23) - 1
COUNT_BYTES = 3
_NO_DRIFT = 2e-6  # 60 ms in a night

Counts = npt.NDArray[np.int32]
RawRecords = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Slots:
    """Where the samples of one stream are in the data records.

    Parameters
    ----------
    n
        Slots of each channel in a record.
    per_record
        Samples in a record. It is not whole only for some mixtures of rates. Then some records
        hold one sample less and mark their last slot as missing, so that streams do not drift
        against each other.
    """

    stream: Stream
    n: int
    per_record: float

    @classmethod
    def choose(cls, stream: Stream, duration: Decimal, *, alone: bool) -> "Slots":
        """Return the slots of a stream; one `alone` in its file always gets whole records."""
        exact = stream.sampling_rate * float(duration)
        whole = max(1, round(exact))
        if alone or abs(whole / exact - 1) < _NO_DRIFT:
            return cls(stream, whole, float(whole))
        return cls(stream, math.ceil(exact), exact)

    @property
    def n_bytes(self) -> int:
        """Return the size of the stream's part of a record."""
        return self.n * len(self.stream.channels) * COUNT_BYTES

    def first_sample(self, record: int) -> int:
        """Return the index of the first sample of a record."""
        return math.floor(record * self.per_record)

    def whole_records(self, end_sample: int) -> int:
        """Return how many records the samples before `end_sample` fill."""
        records = int(end_sample / self.per_record) + 1
        while self.first_sample(records) > end_sample:
            records -= 1
        return records

    def records_for(self, end_sample: int) -> int:
        """Return how many records are needed for the samples before `end_sample`."""
        whole = self.whole_records(end_sample)
        return whole + (self.first_sample(whole) < end_sample)

    def used(self, first_record: int, n_records: int) -> npt.NDArray[np.bool_]:
        """Return which slots hold samples, shape (n_records, n)."""
        if self.per_record == self.n:
            return np.ones((n_records, self.n), np.bool_)
        bounds = np.floor(np.arange(first_record, first_record + n_records + 1) * self.per_record)
        held: npt.NDArray[np.bool_] = np.arange(self.n) < np.diff(bounds)[:, np.newaxis]
        return held


@dataclass(frozen=True, slots=True)
class RecordLayout:
    """The structure of the data records of one file."""

    slots: tuple[Slots, ...]
    duration: Decimal
    annotation_bytes: int

    @classmethod
    def choose(cls, streams: Sequence[Stream], annotation_bytes: int) -> "RecordLayout":
        """Return a layout for streams of any rates, with space for annotations."""
        duration = choose_record_duration([stream.sampling_rate for stream in streams])
        whole = -(-annotation_bytes // COUNT_BYTES) * COUNT_BYTES
        return cls.of(streams, duration, whole)

    @classmethod
    def of(
        cls, streams: Sequence[Stream], duration: Decimal, annotation_bytes: int
    ) -> "RecordLayout":
        """Return the layout for streams in records of a known duration."""
        alone = len(streams) == 1
        slots = tuple(Slots.choose(stream, duration, alone=alone) for stream in streams)
        return cls(slots, duration, annotation_bytes)

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Return the streams in the order of a record."""
        return tuple(slots.stream for slots in self.slots)

    @property
    def annotation_start(self) -> int:
        """Return the position of the annotations in a record."""
        return sum(slots.n_bytes for slots in self.slots)

    @property
    def record_bytes(self) -> int:
        """Return the size of one data record."""
        return self.annotation_start + self.annotation_bytes

    def n_samples(self, n_records: int) -> dict[str, int]:
        """Return how many samples of each stream `n_records` records hold."""
        return {slots.stream.name: slots.first_sample(n_records) for slots in self.slots}

    def encode(self, counts: Mapping[str, Counts], first_record: int, n_records: int) -> RawRecords:
        """Return data records with samples; the annotations are zero.

        Parameters
        ----------
        counts
            All samples of these records by stream name, shape (n_samples, n_channels).
        """
        records = np.zeros((n_records, self.record_bytes), np.uint8)
        start = 0
        for slots in self.slots:
            held = np.full((n_records, slots.n, len(slots.stream.channels)), MISSING, np.int32)
            held[slots.used(first_record, n_records)] = counts[slots.stream.name]
            raw = encode_counts(held.transpose(0, 2, 1)).reshape(n_records, -1)
            records[:, start : start + slots.n_bytes] = raw
            start += slots.n_bytes
        return records

    def decode(self, records: RawRecords, first_record: int) -> dict[str, Samples]:
        """Return samples by stream name, shape (n_samples, n_channels), NaN where missing."""
        return {
            slots.stream.name: self.decode_stream(records, first_record, slots.stream.name)
            for slots in self.slots
        }

    def decode_stream(self, records: RawRecords, first_record: int, name: str) -> Samples:
        """Return the samples of one stream, shape (n_samples, n_channels), NaN where missing."""
        start = 0
        for slots in self.slots:
            if slots.stream.name == name:
                break
            start += slots.n_bytes
        else:
            raise ValueError(f"need one of {[s.name for s in self.streams]}, got {name!r}")
        counts = decode_counts(records[:, start : start + slots.n_bytes])
        by_channel = counts.reshape(len(records), -1, slots.n).transpose(0, 2, 1)
        used = slots.used(first_record, len(records))
        held = by_channel.reshape(-1, by_channel.shape[2]) if used.all() else by_channel[used]
        return to_samples(held, slots.stream)


def to_counts(samples: Samples, resolution: float) -> tuple[Counts, int]:
    """Return samples as counts, and how many exceeded 24 bits."""
    scaled = np.rint(samples / resolution)
    clipped = int(np.count_nonzero(np.abs(scaled) > LARGEST))
    if clipped:
        scaled = np.clip(scaled, -LARGEST, LARGEST)
    return np.where(np.isnan(scaled), MISSING, scaled).astype(np.int32), clipped


def to_samples(counts: Counts, stream: Stream) -> Samples:
    """Return counts as samples, NaN where missing."""
    samples: Samples = counts * np.float64(stream.resolution)
    samples[counts == MISSING] = np.nan
    return samples


def encode_counts(counts: Counts) -> RawRecords:
    """Return counts as little-endian 24-bit integers, flat."""
    wide = np.ascontiguousarray(counts, dtype="<i4").view(np.uint8)
    return wide.reshape(-1, 4)[:, :COUNT_BYTES].reshape(-1)


def decode_counts(raw: RawRecords) -> Counts:
    """Return the signed counts of little-endian 24-bit integers, flat."""
    flat = np.empty(raw.size + 1, np.uint8)
    flat[1:] = raw.reshape(-1)
    # Four bytes at every third: the extra byte is the lowest, and is shifted out.
    wide = np.ndarray((raw.size // COUNT_BYTES,), "<i4", flat, strides=(COUNT_BYTES,))
    return (wide >> 8).astype(np.int32, copy=False)
