"""How long a muscle is restless after a contraction: what it leaves behind is no twitch."""

from collections import deque

# As long as it was active three times over, but no longer than two seconds: in a real recording of
# nine contractions single units still fire 1.0 to 2.0 s after most of them.
_RESTLESS, _RESTLESS_MAX_S = 3.0, 2.0
# A limb that was seen to move lies still sooner. And a muscle that twitches at rest, ten times in
# the last minute, goes on doing so: what comes after a second is rather a twitch of it.
_SETTLED_S = 1.0
_TWITCHING, _LATELY_S = 10, 60.0


class Unrest:
    """Knows how often the muscle twitches at rest.

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
        """Forget the past."""
        self._at_rest: deque[int] = deque(maxlen=_TWITCHING)
        self._until = 0

    def take(self, onset: int, offset: int) -> None:
        """Take one more event, in order."""
        if offset - onset > self._twitch_max:
            self._until = offset + self._most
        elif self._learns and onset >= self._until:
            self._at_rest.append(onset)

    def after(self, onset: int, offset: int, *, moved: bool) -> int:
        """Count the samples for which the muscle is restless after what lasts."""
        settles = moved or self._twitches(onset)
        return min(round(_RESTLESS * (offset - onset)), self._settled if settles else self._most)

    def _twitches(self, now: int) -> bool:
        return len(self._at_rest) == _TWITCHING and now - self._at_rest[0] <= self._lately
