"""The first waves of a tremor look like twitches, until it has lasted long enough to be one.

A burst that is followed closely by another waits, and longer the more there are. If something that
lasts comes, they were its beginning; else they are twitches.
"""

from dataclasses import replace

from myowatch.signal.spans import Scale, Span

# A twitch alone waits for so long after its end, which costs nothing: its windows are not over
# before that. From the second one on they wait for what a tremor that fades in takes to be seen.
_ALONE_S, _SEVERAL_S = 0.18, 0.8


class Prelude:
    """Holds spans back and hands them on, by onset.

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
        """Forget the past."""
        self._waiting: list[Span] = []
        self._chain: list[Span] = []

    @property
    def open_since(self) -> int | None:
        """Onset of the first span that is held back."""
        held = self._chain or self._waiting
        return min(s.onset for s in held) if held else None

    def process(self, spans: list[Span], before: int) -> list[Span]:
        """Give the spans that are settled; none still to come begins before `before`."""
        self._waiting = sorted([*self._waiting, *spans], key=_order)
        ready = [s for s in self._waiting if s.onset < before]
        self._waiting = self._waiting[len(ready) :]
        settled = [s for span in ready for s in self._take(span)]
        if self._chain and before > self._deadline():
            settled += self._release()
        return settled

    def flush(self) -> list[Span]:
        """Whatever is held back."""
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
