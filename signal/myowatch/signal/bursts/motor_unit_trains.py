"""Trains: one motor unit that keeps firing, or the beginning of a cramp.

A unit that fires on makes potentials of one size at intervals that vary by a fifth or so, some of
them lost in the noise. It is one movement, not a hundred twitches.
"""

# From the fourth potential in a row at intervals of up to 250 ms on, it is a train. "Continual" is
# at most 250 ms on both sides in Sleutjes et al. 2016, Muscle Nerve 53:227.
_TRAIN_S = 0.25
_TRAIN = 4
# Three of about the same size at even intervals are enough, and a train that is so even goes on
# over two discharges that are missed; nothing within 40 ms is another discharge of one unit.
_EVEN_TRAIN, _EVEN, _SAME_SIZE = 3, 1.3, 1.6
_MISSED, _GOES_ON_S = 3.2, 0.5
_REFRACTORY_S = 0.04


class MotorUnitTrains:
    """Follows potentials by onset and size, in whatever groups they are.

    Parameters
    ----------
    sampling_rate
        Hz.
    steady
        Whether even trains of potentials are looked for.
    """

    def __init__(self, sampling_rate: float, *, steady: bool) -> None:
        self._steady = steady
        self._train = round(_TRAIN_S * sampling_rate)
        self._goes_on = round(_GOES_ON_S * sampling_rate)
        self._refractory = round(_REFRACTORY_S * sampling_rate)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._chain = self._even = 0
        self._onset = self._interval = 0
        self._size = 0.0

    @property
    def may_begin(self) -> bool:
        """Return whether the last two potentials may start an even train."""
        return self._steady and self._even == _EVEN_TRAIN - 1

    @property
    def is_even(self) -> bool:
        """Whether the last potentials are an even train."""
        return self._steady and self._even >= _EVEN_TRAIN

    @property
    def within(self) -> int:
        """Return how many samples after the last potential the next of the same train may come."""
        if self.is_even:
            return max(self._train, min(round(_MISSED * self._interval), self._goes_on))
        return self._train if self._chain >= _TRAIN else 0

    def take(self, onset: int, size: float) -> None:
        """Count one more potential."""
        interval = onset - self._onset
        near = self._chain > 0 and interval <= self._train
        self._chain = self._chain + 1 if near else 1
        if not self._steady or interval >= self._refractory:
            self._count_even(interval, size)
            self._onset = onset

    def _count_even(self, interval: int, size: float) -> None:
        """Count discharges that may be of one unit: the same size, at even intervals."""
        same = self._even > 0 and _alike(size, self._size)
        near = interval <= self._goes_on
        if self._even == 1:
            even = interval <= self._train
        else:
            even = self._even > 1 and self._is_even_interval(interval)
        self._even = self._even + 1 if same and near and even else 1
        if self._even <= 2 or interval < _EVEN * self._interval:  # noqa: PLR2004
            self._interval = interval
        self._size = size

    def _is_even_interval(self, interval: int) -> bool:
        """Whether an interval is like the one before it, or, in a train, a few of them."""
        ratio = interval / max(self._interval, 1)
        missed = _MISSED if self._even >= _EVEN_TRAIN else _EVEN
        return 1 / _EVEN < ratio < missed


def _alike(size: float, other: float) -> bool:
    return 1 / _SAME_SIZE < size / max(other, 1e-12) < _SAME_SIZE
