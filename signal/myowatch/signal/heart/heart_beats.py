"""Distinguishes heart beats from twitches: beats resemble each other and come in a rhythm.

Electrodes on the trunk or an upper limb see the heart. Most of a beat's energy lies below the band
of a muscle's potentials, but its residual in the band is a burst like any other. Beats are looked
for where they stand out best, below 40 Hz, whether or not they make bursts. Once a handful that
look alike came at even intervals, their mean course is known; from then on the residual of a burst
after this course is subtracted, over the whole band, has to reach a threshold of its own. A twitch
on a beat does; the beat itself is explained by the heart.

For the first twelve seconds of a recording bursts are held back until a rhythm is found; without
one they are let go. An early beat of another shape is known by the pause that follows it.
"""

import heapq
import sys
from dataclasses import replace

import numpy as np

from myowatch.signal.dsp.frames import Frames, SlidingSum, frame_sums, sliding_max
from myowatch.signal.dsp.spans import Span
from myowatch.signal.heart.beat_candidates import Candidate
from myowatch.signal.heart.beat_tracker import Beat, BeatTracker
from myowatch.signal.model.samples import Samples
from myowatch.signal.noise.noise_floor import FrameNoise

# Frames of 4 ms hold the residual of a beat between 20 and about 100 Hz; smoothed over 16 ms,
# below 40 Hz, candidates are looked for, the highest within 0.06 s to either side.
_FRAME_S, _SMOOTH_S, _APART_S = 0.004, 0.016, 0.06
# A QRS complex takes 0.06 to 0.11 s, and its parts may make bursts of their own; the whole is tried
# a little earlier and later.
_BEFORE_S, _AFTER_S, _LAG_S = 0.08, 0.056, 0.024
# Noise makes fifty candidates a minute; a beat that never rises higher makes no bursts, so a
# rhythm is only looked for when something has.
_CANDIDATE, _SURE = 3.0, 3.8
_HOLD_S = 12.0
# A burst asks for the beats of so long before it, at most this much after it; see `heart_waves`.
_NOTED_S, _ASKED_S = 40.0, 20.0
# A burst waits for its beat's highest point, which may come this long after it, and may end this
# much later than the beat.
_LEAD_S, _EDGE_S = 0.08, 0.032
# A few deviates of noise come on top of a burst's peak.
_NOISE = 4.0
# Energy beside a beat is averaged over as long as a burst's is, and over four samples at least.
# A twitch there ends at about 1.8 deviates, as others do.
_WINDOW_S, _FEWEST, _ENDS = 0.008, 4, 0.35
# What rings just before or after a beat is this much lower; P and T waves, a good part of a second
# before and after it, are lower still in the band of a muscle.
_TAIL, _WAVE = 0.25, 0.12
_CYCLE_S = 2.0
# A burst that may be an early beat waits for the next one, and is looked at again so often.
_AGAIN_S = 0.1

# Frames after the end of a burst when it is known, whatever the envelope's frame.
_SLACK = 4
_NEVER = sys.maxsize


class HeartBeats:
    """Separates the bursts of heart beats from brief bursts of a muscle.

    Parameters
    ----------
    sampling_rate
        Hz.
    late
        Samples from a burst's true end until it is known.
    delay
        Samples by which filters delay the signal.
    threshold
        Energy over that of the noise which noise alone hardly ever has in a short window.

    Attributes
    ----------
    length
        Samples of a beat.
    """

    def __init__(self, sampling_rate: float, *, late: int, delay: int, threshold: float) -> None:
        self._frame = max(round(_FRAME_S * sampling_rate), 1)
        rate = sampling_rate / self._frame
        self._smooth = SlidingSum(max(_SMOOTH_S * rate, 2.0))
        self._apart = round(_APART_S * rate)
        n_lags = 2 * max(round(_LAG_S * rate), 1)
        self._before = round(_BEFORE_S * rate)
        self._from = self._before + n_lags // 2
        self._to = round(_AFTER_S * rate) + n_lags // 2
        self._shift = self._smooth.length // 2
        self._past = max(self._from + self._shift, self._apart)
        self._wait = max(self._to - self._shift, self._apart)
        self._whole = Frames(self._frame)
        self._noise = FrameNoise(rate)
        self._cycle = round(_CYCLE_S * rate)
        self._noted_for = round(_NOTED_S * sampling_rate)
        self._asked = round(_ASKED_S * sampling_rate)
        self._hold = round(_HOLD_S * sampling_rate)
        self._judged = round(_LEAD_S * sampling_rate) + (self._wait + self._shift + 1) * self._frame
        self._edge = round(_EDGE_S * sampling_rate)
        self._again = round(_AGAIN_S * sampling_rate)
        self._late, self._delay = late, delay
        self._threshold = threshold
        self.length = (self._from + self._to - n_lags) * self._frame
        self._tracker = BeatTracker(
            rate,
            frame=self._frame,
            n_frames=self._from + self._to - n_lags,
            n_lags=n_lags,
            window=max(round(_WINDOW_S * sampling_rate), _FEWEST),
        )
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._tracker.reset()
        self._decided = False
        self._restart()

    def resume(self, n_samples: int) -> None:
        """Resume after a short gap, `n_samples` after the last start."""
        self._tracker.resume(round(n_samples / self._frame))
        self._restart()

    def _restart(self) -> None:
        self._smooth.reset()
        self._whole.reset()
        self._noise.reset()
        self._known: Samples = np.zeros((2, self._past + self._wait))
        self._samples: Samples = np.zeros((self._past + self._wait) * self._frame)
        self._n_frames = self._n_new = 0
        self._due: list[tuple[int, int, Candidate | Span | None]] = []
        self._n_due = 0
        self._noted: list[tuple[int, int]] = []
        self._held: list[Span] = []
        self._muscle: list[Span] = []
        self._heart: list[Span] = []
        self._last = False
        if not self._decided:
            self._queue(self._hold, None)

    @property
    def earliest(self) -> float:
        """Sample before which no later burst can begin."""
        held = [item.onset for *_, item in self._due if isinstance(item, Span)]
        held += [span.onset for span in self._held]
        return min(held, default=np.inf)

    def beats_before(self, offset: int) -> list[int]:
        """Return where beats begin that were known when a burst before this sample was."""
        # Without a rhythm bursts do not wait for the beat that they may be on.
        noted = [(due, begin) for due, begin in self._noted if due >= offset - self._noted_for]
        if not any(due <= offset + self._late for due, _ in noted):
            return []
        until = offset + self._delay + self._judged
        begins = sorted(begin - self._delay for due, begin in noted if due <= until)
        return [begin for begin in begins if begin < offset]

    def process(self, samples: Samples) -> None:
        """Process the next filtered samples, shape (n_samples,)."""
        frames = self._whole.process(samples)
        n_new = len(frames)
        if not n_new:
            return
        means = frame_sums(frames) * (1.0 / self._frame)
        smooth = self._smooth.process(means) * (1.0 / self._smooth.length)
        new = np.array([means, smooth])
        levels = self._noise.process(new)
        known = np.concatenate([self._known, new], axis=1)
        whole = np.concatenate([self._samples, frames.ravel()])
        self._known = known[:, n_new:].copy()
        self._samples = whole[n_new * self._frame :].copy()
        self._find(known, whole, levels)
        self._n_frames += n_new
        self._n_new = n_new

    def _find(self, known: Samples, samples: Samples, levels: Samples) -> None:
        """Queue the candidates whose surroundings are now complete."""
        n_inner = known.shape[1] - self._past - self._wait
        size = np.abs(known[1])
        highest = sliding_max(size[self._past - self._apart :], 2 * self._apart + 1)[:n_inner]
        is_top = size[self._past : self._past + n_inner] == highest
        stands_out = is_top & (highest > _CANDIDATE * levels[1])
        for i in np.flatnonzero(stands_out).tolist():
            centre = self._past + i - self._shift
            first, end = centre - self._from, centre + self._to
            piece = known[0, first:end].copy()
            around = samples[first * self._frame : end * self._frame].copy()
            frame = self._n_frames + i - self._wait - self._shift - self._before
            slow = float(size[self._past + i])
            sure = bool(slow > _SURE * levels[1, i])
            candidate = Candidate(frame, piece, around, float(levels[0, i]) ** 2, slow, sure)
            self._queue((self._n_frames + i + 1) * self._frame, candidate)

    def sift(self, spans: list[Span], *, last: bool = False) -> tuple[list[Span], list[Span]]:
        """Process the next bursts, or the last ones before a gap.

        Returns
        -------
        bursts that are sure now: those of a muscle, and those of the heart
        """
        for span in spans:
            # All bursts are there by then, however the samples were cut.
            self._queue(span.offset + self._late + _SLACK * self._frame, span)
        now = _NEVER if last else self._n_frames * self._frame
        self._muscle, self._heart, self._last = [], [], last
        since = (self._n_frames - self._n_new) * self._frame - self._noted_for - self._asked
        self._noted = [noted for noted in self._noted if noted[0] >= since]
        while self._due and self._due[0][0] <= now:
            due, _, item = heapq.heappop(self._due)
            self._handle(due, item)
        return self._muscle, self._heart

    def _queue(self, due: int, item: Candidate | Span | None) -> None:
        # Candidates first: a burst is judged by all that is known when it is due.
        self._n_due += 1
        order = self._n_due if isinstance(item, Span) else self._n_due - _NEVER
        heapq.heappush(self._due, (due, order, item))

    def _handle(self, due: int, item: Candidate | Span | None) -> None:
        if item is None:
            self._tracker.look()
            self._note(due)
            self._decide(due)
        elif isinstance(item, Candidate):
            self._tracker.take(item)
            self._note(due)
            if self._tracker.known:
                self._decide(due)
        elif not self._decided:
            self._held.append(item)
        elif self._tracker.known and due < item.offset + self._delay + self._judged:
            self._queue(item.offset + self._delay + self._judged, item)
        else:
            self._judge(due, item)

    def _note(self, due: int) -> None:
        """Note when beats became known."""
        self._noted += [(due, beat.sample) for beat in self._tracker.newest()]

    def _decide(self, due: int) -> None:
        """End the time in which bursts are held back."""
        self._decided = True
        for span in self._held:
            self._queue(max(due, span.offset + self._delay + self._judged), span)
        self._held = []

    def _judge(self, due: int, span: Span) -> None:
        muscle = self._without_beats(span)
        if muscle is not None and self._tracker.known:
            begin, end = (frame - self._before for frame in self._extent(muscle))
            early, until = self._tracker.pause_after(begin, end, _height(muscle))
            if until * self._frame > due:
                # Looked at again with every beat that may have followed.
                self._queue(due + self._again, span)
                return
            muscle = None if early else muscle
        if muscle is None:
            self._heart.append(span)
        else:
            self._muscle.append(muscle)

    def _without_beats(self, span: Span) -> Span | None:
        """Return the part of a burst that no beat explains; None if a beat explains all of it."""
        begin = self._extent(span)[0]
        if self._last and self._tracker.awaits(begin - self._before):
            # The samples end before the beat does.
            return None
        for beat in reversed(self._tracker.beats):
            after = begin - beat.frame
            if 0 < after < self._cycle and span.peak < _WAVE * beat.height:
                return None
            first = beat.sample - self._delay
            end = first + self.length + self._edge
            if first - self._edge <= span.onset and span.offset <= end:
                return self._beside(span, beat, first)
            if after * self._frame > self.length + self._edge:
                break
        return span

    def _beside(self, span: Span, beat: Beat, first: int) -> Span | None:
        """Return the part of a burst that a beat does not explain."""
        begin, end = max(span.onset - first, 0), min(span.offset - first, self.length)
        if begin >= end:
            return None if _height(span) <= _TAIL * beat.height else span
        noise = span.floor * span.raised
        left = beat.left.energy[begin:end] / np.maximum(beat.left.usual[begin:end], noise)
        if left.max() <= self._threshold:
            return None
        there = np.flatnonzero(left > _ENDS * self._threshold)
        onset = first + begin + int(there[0]) if begin < there[0] else span.onset
        offset = first + begin + int(there[-1]) + 1 if there[-1] + 1 < end - begin else span.offset
        rest = np.abs(beat.left.rest[begin:end])
        return replace(span, onset=onset, offset=offset, peak=float(rest.max()))

    def _extent(self, span: Span) -> tuple[int, int]:
        """Return the first and last frame of a burst."""
        return (span.onset + self._delay) // self._frame, (span.offset + self._delay) // self._frame


def _height(span: Span) -> float:
    """Return the height of a burst's peak, without noise."""
    return float(span.peak - _NOISE * span.floor**0.5)
