"""How far the times that a recording gives its samples are from this computer's clock.

Recordings of one session are laid beside each other by when each began and by how many samples
have come since. A first delivery that was late, and a device's clock that drifts, put them apart.
"""

import math

SPAN_S = 5.0
"""Of so long, the fastest delivery stands for none that is late; see `host_line`."""


class Alignment:
    """Holds the fastest deliveries of all times against where their samples were put.

    Parameters
    ----------
    began_s
        The host's clock at sample 0, as the recording has it.
    """

    def __init__(self, began_s: float) -> None:
        self._began_s = began_s
        self._worst_s = 0.0
        self._span = 0
        self._least_s = math.inf

    def add(self, end_s: float, host_s: float) -> None:
        """Take note that at `host_s` the samples before `end_s`, by the recording, were there."""
        late_s = host_s - self._began_s - end_s
        span = int(end_s // SPAN_S)
        if span != self._span:
            self._worst_s, self._span, self._least_s = self.error_s, span, math.inf
        self._least_s = min(self._least_s, late_s)

    @property
    def error_s(self) -> float:
        """By how much a sample's time was off at most, the shortest way to the host left out."""
        return max(self._worst_s, 0.0 if math.isinf(self._least_s) else abs(self._least_s))
