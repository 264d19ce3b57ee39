"""Groups of what rises above the level at rest, and lasts."""

import numpy as np

from myowatch.signal.bursts.bursts import BurstDetector, energy_threshold
from myowatch.signal.bursts.grouping import Grouper
from myowatch.signal.bursts.time_scales import TimeScale, active_since
from myowatch.signal.dsp.spans import Group, Scale, Span
from myowatch.signal.model.samples import Samples
from myowatch.signal.noise.rest_floor import RestFloor

# A lasting rise by less than 2 dB is a muscle that rests otherwise.
_FOLLOWED = 10**0.2
# It has ended half way back, in decibels, from the threshold to rest; 13 dB under its top only
# the smoothing still fades.
_LOW, _SHARE = 0.66, 0.05
_JOIN_S = 0.3


class RiseTracker:
    """Makes groups of long activity from frames of energy.

    Parameters
    ----------
    sampling_rate
        Hz.
    frame
        Samples per frame.
    degrees
        Degrees of freedom of the energies at rest.
    least
        Energy below which no level is believed.
    deviate, twitch_max_s
        See the settings.
    """

    noisy_since = None

    def __init__(
        self,
        sampling_rate: float,
        *,
        frame: int,
        degrees: float,
        least: float,
        deviate: float,
        twitch_max_s: float,
    ) -> None:
        self._briefest = round(twitch_max_s * sampling_rate)
        self.threshold = energy_threshold(deviate, degrees)
        self._least = least
        self.floor = RestFloor(
            sampling_rate / frame, [degrees], follow=[_FOLLOWED], least=[0.0], deviate=deviate
        )
        self._rises = TimeScale(
            BurstDetector(self.threshold, _LOW * self.threshold, _SHARE),
            Scale.SUSTAINED,
            step=frame,
            least=frame,
        )
        self._grouper = Grouper(
            sampling_rate, twitch_max_s=twitch_max_s, doublet_s=0.0, slack_s=_JOIN_S
        )

    def reset(self) -> None:
        """Reset to the initial state."""
        self._restart()
        self.floor.reset()
        self.level: Samples = np.empty(0)

    def resume(self, n_samples: int) -> None:
        """Resume after a short gap, with the level of rest known before it.

        It begins so many samples after the last beginning, which makes no difference here.
        """
        del n_samples
        self._restart()
        self.floor.resume()

    @property
    def n_samples(self) -> int:
        """Samples of whole frames seen."""
        return self._rises.n_samples

    @property
    def earliest(self) -> int:
        """Sample before which no later group can begin."""
        since = self._grouper.open_since
        return self._rises.earliest if since is None else min(since, self._rises.earliest)

    @property
    def active_since(self) -> int | None:
        """Onset of the current activity; None at rest."""
        return active_since([self._rises], self._grouper.open_since)

    @property
    def noisy_earliest(self) -> int:
        """Sample before which no noise is reported; an envelope has no upper limit of noise."""
        return self.n_samples

    @property
    def noise_energy(self) -> float:
        """Mean square at rest, infinite while it is unknown."""
        return float(self.floor.bands[0])

    def process(
        self, energy: Samples, magnitude: Samples, motion: Samples | None = None
    ) -> tuple[list[Group], list[Span]]:
        """Process the next frames, both of shape (n_frames,).

        Returns
        -------
        complete groups, and no stretches of too much noise
        """
        del motion
        if not len(energy):
            self.level = energy
            return [], []
        energy = np.maximum(energy, self._least)
        limit, rest = self.floor.process(energy[np.newaxis])
        self.level = energy / limit[0] * self.threshold
        spans = map(self._rises.span, self._rises.process(self.level, magnitude, rest))
        return self._lasting(self._grouper.process(list(spans), self._rises.earliest)), []

    def flush(self) -> tuple[list[Group], list[Span]]:
        """Return everything pending at the end of a stretch."""
        groups = self._grouper.process(list(map(self._rises.span, self._rises.flush())), 0)
        return self._lasting(groups + self._grouper.flush()), []

    def _lasting(self, groups: list[Group]) -> list[Group]:
        """Drop what may be a twitch: it is not a movement, and cannot be counted."""
        return [group for group in groups if group.offset - group.onset > self._briefest]

    def _restart(self) -> None:
        self._rises.reset()
        self._grouper.reset()
