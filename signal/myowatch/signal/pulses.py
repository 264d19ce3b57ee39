"""Tells a motor unit that fires on by itself from a tremor: its twitches come like clockwork."""

import numpy as np

from myowatch.signal.recent import Recent
from myowatch.signal.samples import Samples
from myowatch.signal.sustained import STEPS

# Pulses of a unit firing alone: 5 to 12 a second.
_SHORTEST_S, _LONGEST_S = 0.08, 0.21
# What is slower than a second is the course of the whole; what is faster than 40 ms its vibration.
_SLOW_S, _FAST_S = 1.0, 0.04
# Energies below this share of the mean are nothing; the logarithm has to end somewhere.
_LEAST = 1e-3
# One unit firing on comes to 0.8 and more in three seconds (simulated), a tremor to 0.5 at most.
_HEARD_S, _CLOCKWORK = 3.0, 0.6


class Pulses:
    """Listens once a second to what lasts.

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
        self._energy = Recent()
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._energy.reset()
        self._n_frames = 0
        self._n_steps = 0
        self._found: list[tuple[int, float]] = []

    def process(self, energy: Samples, level: Samples) -> None:
        """Take the next frames, (n_frames,), and the levels of the steps that they complete."""
        self._energy.append(self._n_frames, energy.copy())
        self._energy.forget(self._n_frames - self._n_heard - self._step)
        for step in (np.flatnonzero(level > self._least) + self._n_steps + 1).tolist():
            end = step * self._step
            if step % STEPS == 0 and end >= self._n_heard:
                heard = self._energy.between(end - self._n_heard, end)
                self._found.append((end, clockwork(heard, self._frame_rate)))
        self._n_frames += len(energy)
        self._n_steps += len(level)

    def forget(self, before: int) -> None:
        """Let go what was heard before this frame."""
        self._found = [found for found in self._found if found[0] >= before]

    def is_clockwork(self, onset: int, offset: int) -> bool:
        """Whether what lasted between two frames came and went like clockwork."""
        heard = [found for at, found in self._found if onset <= at <= offset]
        return bool(heard) and float(np.median(heard)) > _CLOCKWORK


def clockwork(energy: Samples, frame_rate: float) -> float:
    """How regularly energy comes and goes 5 to 12 times a second.

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
