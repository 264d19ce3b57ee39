"""A word that changes only when there is reason to: advice that flickers helps nobody."""

HOLDS_S = 2.0
"""A new word must have held so long before it is said."""
STAYS_S = 6.0
"""And what was said stays so long: about as long as it takes to read it and to look down."""


class Steady:
    """Follows a word, with patience.

    Parameters
    ----------
    at_once
        Words that are left as soon as there is another: they say that nothing is known yet.
    """

    def __init__(self, at_once: frozenset[str] = frozenset()) -> None:
        self._at_once = at_once
        self._said, self._said_at = "", 0.0
        self._next, self._next_at = "", 0.0

    def of(self, word: str, now_s: float) -> str:
        """Give what to say when the word is this now."""
        if not self._said or self._said in self._at_once:
            self._said, self._said_at = word, now_s
        elif word == self._said:
            self._next = ""
        elif word != self._next:
            self._next, self._next_at = word, now_s
        elif now_s - self._next_at >= HOLDS_S and now_s - self._said_at >= STAYS_S:
            self._said, self._said_at, self._next = word, now_s, ""
        return self._said
