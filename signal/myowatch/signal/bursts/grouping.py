"""Bursts that belong together: a doublet is one twitch, a contraction with its fringe one event."""

import math
from collections import deque
from itertools import pairwise

from myowatch.signal.bursts.motor_unit_trains import MotorUnitTrains
from myowatch.signal.dsp.spans import Group, Scale, Span, in_order

# As long as it was active three times over, but no longer than two seconds: in a real recording of
# nine contractions single units still fire 1.0 to 2.0 s after most of them.
_RESTLESS, _RESTLESS_MAX_S = 3.0, 2.0
# A limb that was seen to move lies still sooner. And a muscle that twitches at rest, ten times in
# the last minute, goes on doing so: what comes after a second is rather a twitch of it.
_SETTLED_S = 1.0
_TWITCHING, _LATELY_S = 10, 60.0


class MuscleUnrest:
    """Estimates how often the muscle twitches at rest.

    Parameters
    ----------
    sampling_rate
        Hz.
    twitch_max
        Longest twitch, samples; what lasts longer makes the muscle restless.
    learns
        Whether twitches at rest are learnt from. Skin rings on after a limb has moved, whatever
        the muscle does.
    """

    def __init__(self, sampling_rate: float, twitch_max: int, *, learns: bool) -> None:
        self._learns = learns
        self._twitch_max = twitch_max
        self._most = round(_RESTLESS_MAX_S * sampling_rate)
        self._settled = round(_SETTLED_S * sampling_rate)
        self._lately = round(_LATELY_S * sampling_rate)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._at_rest: deque[int] = deque(maxlen=_TWITCHING)
        self._until = 0

    def take(self, onset: int, offset: int) -> None:
        """Count one more event; events come in order."""
        if offset - onset > self._twitch_max:
            self._until = offset + self._most
        elif self._learns and onset >= self._until:
            self._at_rest.append(onset)

    def after(self, onset: int, offset: int, *, moved: bool) -> int:
        """Return how many samples the muscle stays restless after a long event."""
        settles = moved or self._twitches(onset)
        return min(round(_RESTLESS * (offset - onset)), self._settled if settles else self._most)

    def _twitches(self, now: int) -> bool:
        return len(self._at_rest) == _TWITCHING and now - self._at_rest[0] <= self._lately


# Shortest pause between two potentials of one group; below it they are phases of one potential.
_PHASE_S = 0.008
# Whatever comes within a phase of a long potential (40 ms in two halves) belongs, however strong.
_QUIET_S = 0.02
# Dips inside a long event are it: units that pause together do so for less than the longest twitch
# and its echo. What follows it, brief and weaker, is its fringe: up to half its peak within half
# its length, up to a quarter until the muscle has come to rest. The fringe lengthens nothing, or
# one contraction after another would grow into a cramp.
_JOIN_S = 0.3
# What has lasted for long may flicker for longer: a cramp dips while its units take turns.
_DIP, _LONGEST_DIP_S = 0.125, 1.0
_FRINGE = 0.5
_SLIGHT, _FAINT = 0.5, 0.25
# As `burst.SHARE`, but of amplitude: 26 dB under the peak nothing tells where a burst ends.
_SATELLITE = 0.05
# What comes after a pause and is so much stronger is no continuation.
_STRONGER = 3.0
# A potential that leads into a contraction is part of it; a twitch cannot wait for longer.
_LEAD_S = 0.15


class Grouper:
    """Joins spans that belong to one event into groups.

    Parameters
    ----------
    sampling_rate
        Hz.
    twitch_max_s, doublet_s
        See the settings.
    slack_s
        Length of the slow window: its edges are uncertain by this much, so the short time scale
        is believed where both see the same edge.
    tremor_s
        A vibration that has lasted so long fades in waves: weaker ones that follow within the
        muscle's rest are still it. Never, unless said.
    steady
        Whether these are potentials: even trains of them are looked for, and how often they come
        at rest is learnt.
    """

    def __init__(
        self,
        sampling_rate: float,
        *,
        twitch_max_s: float,
        doublet_s: float,
        slack_s: float,
        tremor_s: float = math.inf,
        steady: bool = False,
    ) -> None:
        self._trains = MotorUnitTrains(sampling_rate, steady=steady)
        self._tremor = tremor_s * sampling_rate
        self._twitch_max = round(twitch_max_s * sampling_rate)
        self._doublet = round(doublet_s * sampling_rate)
        self._slack = round(slack_s * sampling_rate)
        self._quiet = round(_QUIET_S * sampling_rate)
        self._phase = round(_PHASE_S * sampling_rate)
        self._join = round(max(_JOIN_S, slack_s) * sampling_rate)
        self._longest_dip = round(_LONGEST_DIP_S * sampling_rate)
        self._unrest = MuscleUnrest(sampling_rate, self._twitch_max, learns=steady)
        self._lead = round(_LEAD_S * sampling_rate)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._waiting: list[Span] = []
        self._peak = 0.0
        self._begin([])
        self._leading: list[Group] = []
        self._trains.reset()
        self._unrest.reset()

    @property
    def open_since(self) -> int | None:
        """Onset of the group that may still grow."""
        if self._leading:
            return self._leading[0].onset
        return self._spans[0].onset if self._spans else None

    def process(self, spans: list[Span], before: int) -> list[Group]:
        """Return the groups that are complete; every later span begins at `before` or after."""
        self._waiting = sorted([*self._waiting, *spans], key=in_order)
        ready = [s for s in self._waiting if s.onset < before]
        self._waiting = self._waiting[len(ready) :]
        done: list[Group] = []
        for span in ready:
            done += self._take(span)
        if self._spans and before > self._last_onset():
            done += self._complete()
        return done

    def flush(self) -> list[Group]:
        """Complete and return what is pending."""
        done: list[Group] = []
        for span in self._waiting:
            done += self._take(span)
        done += self._complete()
        done += self._leading
        self.reset()
        return done

    def _take(self, span: Span) -> list[Group]:
        done: list[Group] = []
        if self._spans and not self._belongs(span):
            if self._fringe(span):
                return []
            done = self._complete(leads=span.onset <= self._lead_end())
        if span.scale is Scale.BRIEF:
            self._trains.take(span.onset, span.peak)
        if span.peak > self._peak:
            # What is faint beside the strongest burst says nothing of the event's edges.
            self._peak = span.peak
            if any(self._faint(s) for s in self._spans):
                self._begin([s for s in self._spans if not self._faint(s)], span.peak)
        if not self._faint(span):
            self._add(span)
        return done

    def _begin(self, spans: list[Span], peak: float = 0.0) -> None:
        """Start a new group with these spans."""
        self._spans: list[Span] = []
        self._peak = peak
        self._moves = False
        self._brief: tuple[int, int] | None = None
        self._slow: tuple[int, int] | None = None
        for span in spans:
            self._add(span)

    def _add(self, span: Span) -> None:
        # The hulls grow with the group: a contraction of an hour has a hundred thousand spans.
        self._spans.append(span)
        self._moves |= span.scale is Scale.MOTION
        if span.scale is Scale.BRIEF:
            self._brief = _hull(self._brief, span)
        else:
            self._slow = _hull(self._slow, span)

    def _belongs(self, span: Span) -> bool:
        """Whether the span is part of the group: soon after it, or later and not much stronger."""
        if span.onset > self._deadline():
            return self._wave(span)
        soon = max(self._extent()[1] + self._quiet, self._spans[-1].onset + self._doublet)
        return span.onset <= soon or span.peak <= _STRONGER * self._peak

    def _wave(self, span: Span) -> bool:
        """Return whether the span follows a dip, or is a later, weaker wave of a tremor."""
        onset, offset = self._extent()
        if span.scale is Scale.MOTION or span.offset - span.onset <= self._twitch_max:
            return False
        lasted = offset - onset
        if span.onset <= offset + min(round(_DIP * lasted), self._longest_dip):
            return True
        weaker = span.peak <= _SLIGHT * self._peak
        return lasted >= self._tremor and weaker and span.onset <= self._last_onset()

    def _fringe(self, span: Span) -> bool:
        """Return whether the span is the fringe of a contraction."""
        onset, offset = self._extent()
        if not self._long() or span.scale is Scale.MOTION or span.onset > self._last_onset():
            return False
        if span.offset - span.onset > self._twitch_max:
            return False
        near = span.onset <= offset + _FRINGE * (offset - onset)
        return span.peak <= (_SLIGHT if near else _FAINT) * self._peak

    def _faint(self, span: Span) -> bool:
        return span.scale is not Scale.MOTION and span.peak < _SATELLITE * self._peak

    def _long(self) -> bool:
        onset, offset = self._extent()
        return offset - onset > self._twitch_max

    def _deadline(self) -> int:
        """Return the latest onset of a span that belongs to the group."""
        offset = self._extent()[1]
        if self._long():
            return offset + self._join
        within = max(self._trains.within, self._doublet)
        return max(offset + self._quiet, self._spans[-1].onset + within)

    def _lead_end(self) -> int:
        """Return the latest onset of a contraction that the group may lead into."""
        return 0 if self._long() else max(self._deadline(), self._spans[-1].onset + self._lead)

    def _last_onset(self) -> int:
        """Return the latest onset of a span that may be related to the group."""
        if not self._long():
            return self._lead_end()
        onset, offset = self._extent()
        restless = self._unrest.after(onset, offset, moved=self._moves)
        return offset + max(restless, self._join)

    def _extent(self) -> tuple[int, int]:
        brief, slow = self._brief, self._slow
        if brief is None or slow is None:
            return brief or slow or (0, 0)
        return (
            brief[0] if brief[0] - slow[0] <= self._slack else slow[0],
            brief[1] if slow[1] - brief[1] <= self._slack else slow[1],
        )

    def _complete(self, *, leads: bool = False) -> list[Group]:
        spans = self._spans
        if not spans:
            return []
        before, self._leading = self._leading, []
        done = [] if self._long() else before
        group = self._group(spans)
        self._unrest.take(group.onset, group.offset)
        self._begin([])
        if not leads:
            return [*done, group]
        # Two that may be the first of a train wait for the third.
        waits = self._trains.may_begin
        self._leading = [*done, group] if waits else [group]
        return [] if waits else done

    def _group(self, spans: list[Span]) -> Group:
        onset, offset = self._extent()
        brief = [s for s in spans if s.scale is Scale.BRIEF]
        return Group(
            onset=onset,
            offset=offset,
            peak=max(s.peak for s in spans),
            floor=spans[0].floor,
            count=self._count(brief),
            lasting=self._share(spans, Scale.SUSTAINED),
            moved=self._share(spans, Scale.MOTION),
        )

    def _share(self, spans: list[Span], scale: Scale) -> float:
        """Return the share of the group's time that spans of a scale fill."""
        onset, offset = self._extent()
        filled = sum(s.offset - s.onset for s in spans if s.scale is scale)
        return min(filled / (offset - onset), 1.0)

    def _count(self, brief: list[Span]) -> int:
        """Return the number of potentials: bursts with a longer pause than one potential makes."""
        pauses = [b.onset - a.offset for a, b in pairwise(brief)]
        return len(brief) and 1 + sum(pause >= self._phase for pause in pauses)


def _hull(hull: tuple[int, int] | None, span: Span) -> tuple[int, int]:
    """Onset and offset of what a hull and one more span, which begins no earlier, cover."""
    return (span.onset, span.offset) if hull is None else (hull[0], max(hull[1], span.offset))
