"""Distinguishes tremor from twitches, and tremor from a motor unit that fires regularly."""

from dataclasses import replace

import numpy as np

from myowatch.signal.bursts.time_scales import STEPS
from myowatch.signal.dsp.history import RecentValues
from myowatch.signal.dsp.spans import Scale, Span
from myowatch.signal.model.samples import Samples

# A twitch alone waits for so long after its end, which costs nothing: its windows are not over
# before that. From the second one on they wait for what a tremor that fades in takes to be seen.
_ALONE_S, _SEVERAL_S = 0.18, 0.8


class TremorOnset:
    """Holds spans until it is known whether a tremor follows, and returns them by onset.

    Parameters
    ----------
    sampling_rate
        Hz.
    """

    def __init__(self, sampling_rate: float) -> None:
        self._alone = round(_ALONE_S * sampling_rate)
        self._several = round(_SEVERAL_S * sampling_rate)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._waiting: list[Span] = []
        self._chain: list[Span] = []

    @property
    def open_since(self) -> int | None:
        """Onset of the first span that is held back."""
        held = self._chain or self._waiting
        return min(s.onset for s in held) if held else None

    def process(self, spans: list[Span], before: int) -> list[Span]:
        """Return the spans that are settled; every later span begins at `before` or after."""
        self._waiting = sorted([*self._waiting, *spans], key=_order)
        ready = [s for s in self._waiting if s.onset < before]
        self._waiting = self._waiting[len(ready) :]
        settled = [s for span in ready for s in self._take(span)]
        if self._chain and before > self._deadline():
            settled += self._release()
        return settled

    def flush(self) -> list[Span]:
        """Return everything that is held back."""
        settled = [s for span in self._waiting for s in self._take(span)] + self._release()
        self.reset()
        return settled

    def _take(self, span: Span) -> list[Span]:
        near = bool(self._chain) and span.onset <= self._deadline()
        if span.scale is Scale.BRIEF:
            settled = [] if near else self._release()
            self._chain.append(span)
            return settled
        if span.scale is Scale.SUSTAINED and near:
            span = replace(span, onset=min(self._chain[0].onset, span.onset))
        return sorted([*self._release(), span], key=_order)

    def _deadline(self) -> int:
        """Latest onset of what the chain may lead into."""
        reach = self._alone if len(self._chain) == 1 else self._several
        return max(span.offset for span in self._chain) + reach

    def _release(self) -> list[Span]:
        chain, self._chain = self._chain, []
        return chain


def _order(span: Span) -> tuple[int, int, int]:
    return span.onset, span.offset, span.scale


# Pulses of a unit firing alone: 5 to 12 a second.
_SHORTEST_S, _LONGEST_S = 0.08, 0.21
# What is slower than a second is the course of the whole; what is faster than 40 ms its vibration.
_SLOW_S, _FAST_S = 1.0, 0.04
# Energies below this share of the mean are nothing; the logarithm has to end somewhere.
_LEAST = 1e-3
# One unit firing on comes to 0.8 and more in three seconds (simulated), a tremor to 0.5 at most.
_HEARD_S, _CLOCKWORK = 3.0, 0.6


class RegularFiring:
    """Measures once a second how regularly the energy of what lasts comes and goes.

    Parameters
    ----------
    frame_rate
        Frames a second.
    step
        Frames a step, see `SustainedLevel`.
    least
        Level of a step from which on there is something to listen to.
    """

    def __init__(self, frame_rate: float, step: int, least: float) -> None:
        self._frame_rate = frame_rate
        self._step = step
        self._least = least
        self._n_heard = round(_HEARD_S * frame_rate)
        self._energy = RecentValues()
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._energy.reset()
        self._n_frames = 0
        self._n_steps = 0
        self._found: list[tuple[int, float]] = []

    def process(self, energy: Samples, level: Samples) -> None:
        """Process the next frames, (n_frames,), and the levels of the steps that they complete."""
        self._energy.append(self._n_frames, energy.copy())
        self._energy.forget(self._n_frames - self._n_heard - self._step)
        for step in (np.flatnonzero(level > self._least) + self._n_steps + 1).tolist():
            end = step * self._step
            if step % STEPS == 0 and end >= self._n_heard:
                heard = self._energy.between(end - self._n_heard, end)
                self._found.append((end, firing_regularity(heard, self._frame_rate)))
        self._n_frames += len(energy)
        self._n_steps += len(level)

    def forget(self, before: int) -> None:
        """Drop the measurements before this frame."""
        self._found = [found for found in self._found if found[0] >= before]

    def is_regular(self, onset: int, offset: int) -> bool:
        """Return whether the energy between two frames came and went at regular intervals."""
        heard = [found for at, found in self._found if onset <= at <= offset]
        return bool(heard) and float(np.median(heard)) > _CLOCKWORK


def firing_regularity(energy: Samples, frame_rate: float) -> float:
    """Return how regularly energy comes and goes 5 to 12 times a second.

    How much more alike the logarithm of the energy is to itself a period later than half a period
    later: above 1 for pulses a tenth irregular, below 0.3 for a tremor however narrow its band.

    Parameters
    ----------
    energy
        Mean squares, shape (n_frames,), of some seconds.
    frame_rate
        Frames a second.
    """
    logarithm = np.log(np.maximum(energy, _LEAST * energy.mean() + np.finfo(float).tiny))
    smooth = _averaged(logarithm, round(_FAST_S * frame_rate))
    slow = _averaged(smooth, round(_SLOW_S * frame_rate))
    late = (len(smooth) - len(slow)) // 2
    course = smooth[late : late + len(slow)] - slow
    longest = round(_LONGEST_S * frame_rate)
    alike = np.correlate(course, course[: len(course) - longest], mode="valid")
    alike /= alike[0] + np.finfo(float).tiny
    shortest = round(_SHORTEST_S * frame_rate)
    period = shortest + int(alike[shortest:].argmax())
    return float(alike[period] - alike[: period + 1].min())


def _averaged(values: Samples, length: int) -> Samples:
    length = max(length, 1)
    return np.convolve(values, np.full(length, 1 / length), mode="valid")
