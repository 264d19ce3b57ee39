"""Which of many candidates are heart beats: those that are alike and come in a rhythm.

Once there is a rhythm, beats that are missed, that come early and that change their shape slowly
are allowed for.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from myowatch.signal.heart.beat_candidates import (
    ROW,
    SHORTEST_ROW,
    Candidate,
    Candidates,
    Row,
    find_rhythm,
)
from myowatch.signal.heart.beat_shape import BeatResidual, BeatShape, Fit, MeanBeat

_KEPT_S = 20.0
# A beat is awaited within this share of an interval, for so many intervals after the last one seen;
# then the rhythm has no phase any more. After ten minutes without a beat it is gone.
_ON_TIME, _PHASE_BEATS = 0.15, 4
_GONE_S = 600.0
_FOLLOW = 0.2
# Posture and the breath's mean are followed within ten to twenty seconds; not all beats are needed.
_LEARN_EVERY, _LEARN, _LEARN_USUAL = 2, 0.2, 0.1
# In stronger noise, a contraction, beats cannot be told from anything.
_VISIBLE = 2.0
# What is not within these heights of the mean, with noise or a twitch on it, need not be looked at.
_LOWEST, _HIGHEST = 0.5, 10.0
_LONG_AGO, _N_MAYBE, _N_RECENT = 1 << 40, 4, 40
# An extrasystole comes no earlier than after this share of an interval.
_EARLIEST = 0.4
# A pause after it reaches to the beat after the next, which may come early itself. A ventricular
# beat takes 0.12 to 0.2 s, and most of its residual in the band is below 40 Hz.
_PAUSE, _WIDE_S, _BROAD = (1.5, 2.5), 0.1, 0.5
# How much higher or lower than the mean a beat may be: on time; and at any other time, where it
# also has to be more alike.
_GAIN, _GAIN_OFF_TIME = 1.7, 1.33
# On time something small may lie on the beat, or the shape be out of date; out of step it is looked
# for by its shape alone.
_LEFT_ON_TIME, _LEFT_OFF_TIME, _LEFT_OUT_OF_STEP = 2.0, 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Beat:
    """A heart beat.

    Parameters
    ----------
    frame
        Where its shape begins.
    sample
        Where its course begins.
    left
        Residual after the course is subtracted.
    height
        Largest magnitude of its shape.
    """

    frame: int
    sample: int
    left: BeatResidual
    height: float


class BeatTracker:
    """Takes candidates in order, and finds the beats among them.

    Parameters
    ----------
    frame_rate
        Hz.
    frame
        Samples per frame.
    n_frames
        Of a shape.
    n_lags
        Frames by which a candidate's piece is longer than a shape.
    window
        Samples over which energies are averaged.
    """

    def __init__(
        self, frame_rate: float, *, frame: int, n_frames: int, n_lags: int, window: int
    ) -> None:
        self._rate = frame_rate
        self._frame = frame
        self._n_lags = n_lags
        self._course = MeanBeat(n_frames * frame, frame, window)
        self._wide = round(_WIDE_S * frame_rate)
        self._candidates = Candidates(_KEPT_S * frame_rate, n_lags)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self.beats: deque[Beat] = deque()
        self._new: list[Beat] = []
        self._shape: BeatShape | None = None
        self._interval = 1.0
        self._since_learnt = 0
        self._last = -_LONG_AGO
        self._maybe: deque[int] = deque(maxlen=_N_MAYBE)
        self.resume(0)

    def resume(self, n_frames: int) -> None:
        """Restart at frame 0, `n_frames` after the last frame 0, with the same rhythm."""
        self._candidates.clear()
        self._recent: deque[Candidate] = deque(maxlen=_N_RECENT)
        self.beats.clear()
        self._maybe.clear()
        self._last -= n_frames

    @property
    def known(self) -> bool:
        """Whether a rhythm is known."""
        return self._shape is not None

    def newest(self) -> list[Beat]:
        """Return the beats found since the last call."""
        new, self._new = self._new, []
        return new

    def awaits(self, frame: int) -> bool:
        """Return whether a beat is due at this frame."""
        if frame <= self._last + _PHASE_BEATS * self._interval:
            return self._due_after(self._last, frame)
        # Out of step: something like a beat, and now another one a beat later.
        return any(self._due_after(earlier, frame) for earlier in self._maybe)

    def _due_after(self, earlier: int, frame: int) -> bool:
        since = (frame - earlier) / self._interval
        beats = round(since)
        return 0 < beats <= _PHASE_BEATS and abs(since / beats - 1) < _ON_TIME

    def take(self, candidate: Candidate) -> None:
        """Process the next candidate."""
        while self.beats and self.beats[0].frame < candidate.frame - _KEPT_S * self._rate:
            self.beats.popleft()
        if candidate.frame > self._last + _GONE_S * self._rate:
            self._shape = None
        self._recent.append(candidate)
        if self._shape is not None:
            self._beat(self._shape, candidate)
        if candidate.frame > self._last + _PHASE_BEATS * self._interval:
            # Out of step, or never in it: the beats may look different now.
            self._candidates.append(candidate)
            if candidate.sure:
                self.look(ROW)

    def look(self, row: Row = SHORTEST_ROW) -> None:
        """Look for a rhythm that the last candidate is part of."""
        if found := find_rhythm(self._candidates, self._rate, row):
            self._begin(*found)

    def _begin(self, beats: list[Candidate], interval: float) -> None:
        half, last = self._n_lags // 2, self._candidates.last
        rough = BeatShape(last.piece[half : len(last.piece) - half])
        moved = [rough.moved(rough.fit(c.piece, 0.0)) for c in beats]
        shape = BeatShape(np.median(moved, axis=0))
        fits = [shape.fit(c.piece, last.noise) for c in beats]
        self._shape, self._interval = shape, interval
        self._course.begin([c.samples for c in beats], [self._first(f) for f in fits])
        for candidate, fit in zip(beats, fits, strict=True):
            self._advance(candidate, fit)

    def _beat(self, shape: BeatShape, candidate: Candidate) -> bool:
        """Return whether the candidate is the next beat, and keep it if so."""
        if not _LOWEST * shape.height < _height(candidate) < _HIGHEST * shape.height:
            return False
        fit, frame = self._fit(shape, candidate)
        if not _visible(fit, candidate) or not self._is_beat(frame, fit):
            return False
        left = self._advance(candidate, fit)
        self._since_learnt += 1
        if fit.left <= 1:
            self._course.learn_typical_residual(left, _LEARN_USUAL * fit.sure)
        if fit.left <= 1 and self._since_learnt >= _LEARN_EVERY:
            self._since_learnt = 0
            shape.adapt(fit, _LEARN)
            self._course.learn(left, _LEARN * fit.sure)
        return True

    def pause_after(self, begin: int, end: int, height: float) -> tuple[bool, int]:
        """Return whether something broad came early, in place of a beat, and a pause followed.

        The ventricles do not answer twice at once: after an extrasystole the next beat is left
        out. What comes early and is followed by a beat in time is no heart beat.

        Parameters
        ----------
        begin, end
            Frames of a burst, moved to where a shape would begin.
        height
            Its peak, without noise.

        Returns
        -------
        whether it did, and the frame until which that is not known
        """
        early = [
            c.frame
            for c in self._recent
            if begin - self._wide < c.frame < end + self._wide and c.slow > _BROAD * height
        ]
        before = max((b.frame for b in self.beats if b.frame <= begin), default=-_LONG_AGO)
        if not any(_EARLIEST < (f - before) / self._interval < 1 - _ON_TIME for f in early):
            return False, 0
        after = min((b.frame for b in self.beats if b.frame > begin), default=None)
        if after is None:
            return False, before + round(_PAUSE[1] * self._interval)
        pause = _PAUSE[0] < (after - before) / self._interval < _PAUSE[1]
        return pause and not self._hidden(before), 0

    def _hidden(self, before: int) -> bool:
        """Return whether the due beat may be hidden under something else."""
        if self._shape is None:
            return True
        due, most = before + self._interval, _ON_TIME * self._interval
        least = _LOWEST * self._shape.height
        return any(_height(c) > least for c in self._recent if abs(c.frame - due) < most)

    def _fit(self, shape: BeatShape, candidate: Candidate) -> tuple[Fit, int]:
        fit = shape.fit(candidate.piece, candidate.noise)
        return fit, candidate.frame + fit.lag - self._n_lags // 2

    def _is_beat(self, frame: int, fit: Fit) -> bool:
        if fit.left > _LEFT_ON_TIME or not 1 / _GAIN < fit.gain < _GAIN:
            return False
        if self.awaits(frame):
            return True
        self._maybe.append(frame)
        out_of_step = frame > self._last + _PHASE_BEATS * self._interval
        like = fit.left <= (_LEFT_OUT_OF_STEP if out_of_step else _LEFT_OFF_TIME)
        return like and 1 / _GAIN_OFF_TIME < fit.gain < _GAIN_OFF_TIME

    def _advance(self, candidate: Candidate, fit: Fit) -> BeatResidual:
        """Keep a candidate as a beat, and return its residual."""
        begin = candidate.frame - self._n_lags // 2
        frame = begin + fit.lag
        if round((frame - self._last) / self._interval) == 1:
            self._interval += _FOLLOW * (frame - self._last - self._interval)
        self._last = frame
        self._candidates.clear()
        left = self._course.take(candidate.samples, self._first(fit))
        self._new.append(Beat(frame, begin * self._frame + left.first, left, fit.height))
        self.beats.append(self._new[-1])
        return left

    def _first(self, fit: Fit) -> int:
        """Return the sample of a candidate's piece at which the shape lies."""
        return min(fit.lag * self._frame + fit.place * self._frame // 2, self._n_lags * self._frame)


def _visible(fit: Fit, candidate: Candidate) -> bool:
    return bool(fit.height > _VISIBLE * candidate.noise**0.5)


def _height(candidate: Candidate) -> float:
    return float(np.abs(candidate.piece).max())
