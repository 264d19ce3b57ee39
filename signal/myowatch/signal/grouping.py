"""Bursts that belong together: a doublet is one twitch, a contraction with its fringe one event."""

from dataclasses import dataclass, replace
from enum import IntEnum

# Shortest pause between two potentials of one group; below it they are phases of one potential.
_PHASE_S = 0.008
_QUIET_S = 0.02
# Around a long event its fringe and the dips inside it are it, the longer the farther.
_FRINGE = 0.25
_FRINGE_MAX_S = 3.0


class Scale(IntEnum):
    """What saw an activity: the short window, the long one, or the slow motion of a limb."""

    BRIEF = 0
    SUSTAINED = 1
    MOTION = 2


@dataclass(frozen=True, slots=True)
class Span:
    """Activity on one time scale, sample indices; the rest as in `Burst`."""

    onset: int
    offset: int
    top: float
    peak: float
    floor: float
    scale: Scale


@dataclass(frozen=True, slots=True)
class Group:
    """Activity to be reported as one event.

    Parameters
    ----------
    top
        Highest level on the short time scale, 0 if nothing was seen on it.
    count
        Potentials seen on the short time scale.
    active
        Samples within them.
    moved
        A limb moved meanwhile.
    """

    onset: int
    offset: int
    top: float
    peak: float
    floor: float
    count: int
    active: int
    last_onset: int
    brief: tuple[int, int] | None
    sustained: tuple[int, int] | None
    moved: bool


class Grouper:
    """Joins spans into groups.

    Parameters
    ----------
    sampling_rate
        Hz.
    twitch_max_s, doublet_s
        See the settings.
    slack_s
        Length of the slow window: its edges are uncertain by this much, so the short time scale
        is believed where both see the same edge.
    """

    def __init__(
        self, sampling_rate: float, *, twitch_max_s: float, doublet_s: float, slack_s: float
    ) -> None:
        self._twitch_max = round(twitch_max_s * sampling_rate)
        self._doublet = round(doublet_s * sampling_rate)
        self._slack = round(slack_s * sampling_rate)
        self._quiet = round(_QUIET_S * sampling_rate)
        self._phase = round(_PHASE_S * sampling_rate)
        self._fringe_max = round(_FRINGE_MAX_S * sampling_rate)
        self.reset()

    @property
    def current(self) -> Group | None:
        """The group that may still grow."""
        return self._group

    def process(self, spans: list[Span], before: int) -> list[Group]:
        """Groups that are complete, once it is known that no new span begins before `before`."""
        self._waiting = sorted([*self._waiting, *spans], key=_order)
        ready = [s for s in self._waiting if s.onset < before]
        self._waiting = self._waiting[len(ready) :]
        done: list[Group] = []
        for span in ready:
            done += self._take(span)
        if self._group is not None and before > self._deadline(self._group):
            done.append(self._group)
            self._group = None
        return done

    def flush(self) -> list[Group]:
        """Complete whatever is pending."""
        done: list[Group] = []
        for span in self._waiting:
            done += self._take(span)
        if self._group is not None:
            done.append(self._group)
        self.reset()
        return done

    def reset(self) -> None:
        """Forget the past."""
        self._waiting: list[Span] = []
        self._group: Group | None = None

    def _take(self, span: Span) -> list[Group]:
        group = self._group
        if group is not None and span.onset <= self._deadline(group):
            self._group = self._join(group, span)
            return []
        self._group = _begin(span)
        return [] if group is None else [group]

    def _deadline(self, group: Group) -> int:
        """Latest onset that still belongs to the group."""
        duration = group.offset - group.onset
        if duration <= self._twitch_max:
            return max(group.offset + self._quiet, group.last_onset + self._doublet)
        fringe = max(min(round(_FRINGE * duration), self._fringe_max), self._doublet)
        return group.offset + fringe

    def _join(self, group: Group, span: Span) -> Group:
        extent = (span.onset, span.offset)
        if span.scale is not Scale.BRIEF:
            moved = group.moved or span.scale is Scale.MOTION
            group = replace(group, sustained=_union(group.sustained, extent), moved=moved)
        else:
            new = group.brief is None or span.onset - group.brief[1] >= self._phase
            group = replace(
                group,
                brief=_union(group.brief, extent),
                count=group.count + int(new),
                last_onset=span.onset if new else group.last_onset,
                active=group.active + span.offset - span.onset,
                top=max(group.top, span.top),
            )
        group = replace(group, peak=max(group.peak, span.peak))
        onset, offset = self._extent(group)
        return replace(group, onset=onset, offset=offset)

    def _extent(self, group: Group) -> tuple[int, int]:
        if group.brief is None or group.sustained is None:
            return group.brief or group.sustained or (group.onset, group.offset)
        (onset, offset), (slow_onset, slow_offset) = group.brief, group.sustained
        return (
            onset if onset - slow_onset <= self._slack else slow_onset,
            offset if slow_offset - offset <= self._slack else slow_offset,
        )


def _order(span: Span) -> tuple[int, int, int]:
    return span.onset, span.offset, span.scale


def _union(a: tuple[int, int] | None, b: tuple[int, int]) -> tuple[int, int]:
    return b if a is None else (min(a[0], b[0]), max(a[1], b[1]))


def _begin(span: Span) -> Group:
    extent = (span.onset, span.offset)
    brief = span.scale is Scale.BRIEF
    return Group(
        onset=span.onset,
        offset=span.offset,
        top=span.top if brief else 0.0,
        peak=span.peak,
        floor=span.floor,
        count=int(brief),
        active=span.offset - span.onset if brief else 0,
        last_onset=span.onset,
        brief=extent if brief else None,
        sustained=None if brief else extent,
        moved=span.scale is Scale.MOTION,
    )
