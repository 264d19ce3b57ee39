"""Counts and rates over scorable time, and whether they scatter as Poisson's law says."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from scipy.special import gammaincc, gammaincinv

from myowatch.signal.dsp.spans import Union
from myowatch.signal.model.events import UNSCORABLE, Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Stream, Unit

ENOUGH_S = 120.0
"""No rate is given over less scorable time."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts in one stream, and the time in which they could be counted.

    Parameters
    ----------
    unscorable
        Seconds by reason; reasons that overlap count for each.
    twitches_per_min, ci95
        Over scorable time, with the exact Poisson interval; None under two scorable minutes, and
        where twitches cannot be told.
    shows_twitches
        Whether they can be told in this stream.
    detectable_peak
        Smallest twitch that would have been found, peak to peak, in the stream's unit: the median
        over the minutes in which it is known. None if it is unknown.
    twitches_above_50_uv
        Twitches of at least `LITERATURE_UV` peak to peak; None unless the stream is EMG in
        microvolts.
    """

    stream: str
    n_samples: int
    sampling_rate: float
    scorable_s: float
    unscorable: Mapping[str, float]
    twitches: int
    cramps: int
    movements: int
    twitches_per_min: float | None
    ci95: tuple[float, float] | None
    shows_twitches: bool = True
    detectable_peak: float | None = None
    twitches_above_50_uv: int | None = None


@dataclass(frozen=True, slots=True)
class Minute:
    """Counts of events that began in one minute since the start.

    Parameters
    ----------
    detectable_peak
        Smallest twitch that would have been found at its end, peak to peak, in the stream's unit;
        0 if unknown.
    """

    stream: str
    minute: int
    twitches: int
    cramps: int
    movements: int
    scorable_s: float
    detectable_peak: float = 0.0


def poisson_interval(count: float, *, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a Poisson count (Garwood 1936, Biometrika 28:437).

    Between whole counts, which a count divided by its dispersion may be, it goes on smoothly.

    Raises
    ------
    ValueError
        If the count is negative or the level not between 0 and 1.
    """
    if count < 0 or not 0 < level < 1:
        raise ValueError(f"need count >= 0 and 0 < level < 1, got {count=}, {level=}")
    # Half a chi-square quantile, without the second that importing scipy.stats takes.
    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))


_COUNTED = (Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT)
LITERATURE_UV = 50.0
"""Potentials on the skin are counted from this size on, peak to peak (van der Heijden et al. 1994,
JNNP)."""


class Tally:
    """Counts of one stream; memory is a few numbers a minute.

    Events may come in any order; the same settled event twice counts twice. Provisional events
    count until they are settled, see `settle`.

    Attributes
    ----------
    unscorable
        Where nothing could be found.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._per_minute = 60 * stream.sampling_rate
        self._counts: dict[Kind, Counter[int]] = {kind: Counter() for kind in _COUNTED}
        self._lost: dict[Reason, Union] = {}
        self._provisional: list[Event] = []
        self._detectable: dict[int, float] = {}
        self._is_in_microvolts = (stream.modality, stream.unit) == (Modality.EMG, Unit.MICROVOLT)
        self._n_above = 0
        self.unscorable = Union()

    def add(self, event: Event) -> None:
        """Count one event of the stream."""
        if event.provisional:
            self._provisional.append(event)
        elif event.kind in self._counts:
            self._counts[event.kind][int(event.onset // self._per_minute)] += 1
            self._n_above += self._is_above(event)
        if event.reason in UNSCORABLE and event.reason is not None:
            self._lost.setdefault(event.reason, Union()).add(event.onset, event.offset)
            self.unscorable.add(event.onset, event.offset)

    def replaced_by(self, until: int) -> list[Event]:
        """Return the provisional events that are replaced once all is settled up to a sample."""
        return [event for event in self._provisional if event.offset <= until]

    def settle(self, until: int) -> None:
        """Drop the provisional events of `replaced_by`."""
        self._provisional = [event for event in self._provisional if event.offset > until]

    def set_detectable_peaks(self, by_minute: Mapping[int, float]) -> None:
        """Set the smallest twitch that would have been found, peak to peak, of some minutes."""
        self._detectable |= by_minute

    def _is_above(self, event: Event) -> bool:
        return event.kind is Kind.TWITCH and event.peak_to_peak >= LITERATURE_UV

    def _count(self, kind: Kind) -> int:
        return self._counts[kind].total() + sum(e.kind is kind for e in self._provisional)

    def summary(self, n_samples: int, *, unscorable_since: int | None = None) -> Summary:
        """Return the counts, and the rate over the scorable part, of `n_samples`.

        Parameters
        ----------
        unscorable_since
            Where a stretch that cannot be scored began and that has not ended yet.
        """
        rate = self.stream.sampling_rate
        scored = n_samples
        if unscorable_since is not None:
            scored = min(n_samples, unscorable_since)
        scorable_s = (scored - self.unscorable.covered(scored)) / rate
        twitches, cramps, movements = (self._count(kind) for kind in _COUNTED)
        minutes = scorable_s / 60
        shows_twitches = self.stream.modality.shows_twitches
        enough = scorable_s >= ENOUGH_S and shows_twitches
        low, high = poisson_interval(twitches)
        return Summary(
            stream=self.stream.name,
            n_samples=n_samples,
            sampling_rate=rate,
            scorable_s=scorable_s,
            unscorable={
                str(reason): self._lost[reason].covered(n_samples) / rate
                for reason in sorted(self._lost)
            },
            twitches=twitches,
            cramps=cramps,
            movements=movements,
            twitches_per_min=twitches / minutes if enough else None,
            ci95=(low / minutes, high / minutes) if enough else None,
            shows_twitches=shows_twitches,
            detectable_peak=median(self._detectable.values()) if self._detectable else None,
            twitches_above_50_uv=self._n_above + sum(map(self._is_above, self._provisional))
            if self._is_in_microvolts
            else None,
        )

    def minutes(self, n_samples: int) -> list[Minute]:
        """Return the counts of each minute that has begun."""
        n_minutes = int(-(-n_samples // self._per_minute))
        scorable = self._scorable(n_samples, n_minutes)
        counts = {kind: self._counts[kind].copy() for kind in _COUNTED}
        for event in self._provisional:
            if event.kind in counts:
                counts[event.kind][int(event.onset // self._per_minute)] += 1
        return [
            Minute(
                stream=self.stream.name,
                minute=minute,
                twitches=counts[Kind.TWITCH][minute],
                cramps=counts[Kind.CRAMP][minute],
                movements=counts[Kind.MOVEMENT][minute],
                scorable_s=scorable[minute] / self.stream.sampling_rate,
                detectable_peak=self._detectable.get(minute, 0.0),
            )
            for minute in range(n_minutes)
        ]

    def _scorable(self, n_samples: int, n_minutes: int) -> list[float]:
        """Return the scorable samples of each minute."""
        length = self._per_minute
        scorable = [min(length, n_samples - minute * length) for minute in range(n_minutes)]
        for onset, stretch_end in self.unscorable:
            offset = min(stretch_end, n_samples)
            for minute in range(int(onset // length), min(n_minutes, int(offset // length) + 1)):
                begin, end = minute * length, (minute + 1) * length
                scorable[minute] -= max(0.0, min(offset, end) - max(onset, begin))
        return scorable


def tally(
    stream: Stream, events: Iterable[Event], detectable_peaks: Mapping[int, float] | None = None
) -> Tally:
    """Count the events that belong to this stream.

    Parameters
    ----------
    events
        Settled ones, and provisional ones that are not settled yet: see `current_events`.
    detectable_peaks
        See `Tally.set_detectable_peaks`.
    """
    counted = Tally(stream)
    counted.set_detectable_peaks(detectable_peaks or {})
    for event in events:
        if event.stream == stream.name:
            counted.add(event)
    return counted


def detectable_peaks(minutes: Iterable[Minute], stream: str) -> dict[int, float]:
    """Return the smallest twitch that would have been found in each minute of a stream."""
    mine = (minute for minute in minutes if minute.stream == stream)
    return {minute.minute: minute.detectable_peak for minute in mine if minute.detectable_peak}


LEAST_MINUTES = 5
LEAST_TWITCHES = 10
"""Fewer cannot show how they scatter."""
SCORED_S = 30.0
"""A minute takes part if so much of it could be scored."""
IMPROBABLE = 0.01
"""Poisson counts are called more scattered than they are one time in a hundred."""


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Scatter of the counts per minute.

    Parameters
    ----------
    minutes
        How many took part.
    index
        Index of dispersion: chi-square of the counts, each against the common rate over its own
        scorable time, divided by its degrees of freedom. 1 for Poisson counts; variance over
        mean when all minutes are whole. None under five minutes or ten twitches.
    p
        Chance of such a scatter, or a wider one, if the counts were Poisson.
    ci95
        Interval of the twitches a minute widened by the scatter; None where it need not be.

    References
    ----------
    Fisher, Thornton and Mackenzie 1922, Ann Appl Biol 9:325, for the test; McCullagh and Nelder
    1989, Generalized Linear Models, section 6.2, for widening by the index.
    """

    minutes: int
    index: float | None = None
    p: float | None = None
    ci95: tuple[float, float] | None = None

    @property
    def is_poisson(self) -> bool | None:
        """Whether the Poisson interval is reliable; None if it cannot be told."""
        return None if self.p is None else self.p >= IMPROBABLE


def dispersion(minutes: Sequence[Minute]) -> Dispersion:
    """Describe the scatter of one stream's counts per minute."""
    taking_part = [m for m in minutes if m.scorable_s >= SCORED_S]
    counts = np.array([m.twitches for m in taking_part], dtype=np.float64)
    scored = np.array([m.scorable_s for m in taking_part]) / 60
    total = float(counts.sum())
    if len(counts) < LEAST_MINUTES or total < LEAST_TWITCHES:
        return Dispersion(len(counts))
    expected = total / scored.sum() * scored
    chi_square = float((((counts - expected) ** 2) / expected).sum())
    degrees = len(counts) - 1
    index = chi_square / degrees
    p = float(gammaincc(degrees / 2, chi_square / 2))
    if p >= IMPROBABLE:
        return Dispersion(len(counts), index, p)
    low, high = poisson_interval(total / index)
    per_minute = index / float(scored.sum())
    return Dispersion(len(counts), index, p, (low * per_minute, high * per_minute))
