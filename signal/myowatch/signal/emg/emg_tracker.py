"""Groups of activity from EMG energy, on a brief and a long time scale."""

import numpy as np

from myowatch.signal.bursts.bursts import Burst, BurstDetector, energy_threshold
from myowatch.signal.bursts.grouping import Grouper
from myowatch.signal.bursts.time_scales import SustainedScale, TimeScale, active_since
from myowatch.signal.dsp.history import RecentValues
from myowatch.signal.dsp.spans import Group, Span
from myowatch.signal.heart.heart_beats import HeartBeats
from myowatch.signal.model.events import Reason
from myowatch.signal.model.samples import Samples
from myowatch.signal.noise.noise_floor import NoiseFloor, NoiseLimit

# Energies over the noise floor. A brief burst ends where noise is met again one time in thirty;
# sustained activity must more than double the energy of its window.
_LOW_DEVIATE = 1.8
_SUSTAINED_HIGH = 2.6
_SUSTAINED_LOW = 1.7


class ActivityTracker:
    """Makes groups of activity from frames of energy.

    Parameters
    ----------
    sampling_rate
        Hz.
    frame, window
        Samples per frame and frames per window of the envelope.
    degrees
        Degrees of freedom of the energies.
    least
        Mean square of the quantisation.
    delay
        Samples by which the filters are late.
    deviate, noise_limit, tone_limit, twitch_max_s, doublet_s, slow_window_s
        See the settings.
    heart
        Takes the bursts of heart beats out; fed by the front end.
    """

    def __init__(
        self,
        sampling_rate: float,
        *,
        frame: int,
        window: int,
        degrees: float,
        least: float,
        delay: int,
        deviate: float,
        noise_limit: float,
        tone_limit: float,
        twitch_max_s: float,
        doublet_s: float,
        slow_window_s: float,
        heart: HeartBeats | None = None,
    ) -> None:
        frame_rate = sampling_rate / frame
        self._heart = heart
        self.threshold = energy_threshold(deviate, degrees)
        low = min(energy_threshold(_LOW_DEVIATE, degrees), self.threshold)
        self.floor = NoiseFloor(
            frame_rate,
            window,
            degrees,
            least=least,
            tone=tone_limit**2,
            deviate=deviate,
        )
        self._raised = RecentValues()
        self._brief = TimeScale(
            BurstDetector(self.threshold, low),
            step=frame,
            early=delay,
            late=delay + (window - 1) * frame,
            least=frame,
        )
        self._sustained = SustainedScale(
            sampling_rate,
            frame,
            window_s=slow_window_s,
            high=_SUSTAINED_HIGH,
            low=_SUSTAINED_LOW,
            tone=tone_limit**2,
        )
        self._noise = NoiseLimit(noise_limit, frame)
        self._grouper = Grouper(
            sampling_rate,
            twitch_max_s=twitch_max_s,
            doublet_s=doublet_s,
            slack_s=slow_window_s,
            steady=heart is not None,
        )

    def reset(self) -> None:
        """Reset to the initial state."""
        self._restart()
        self.floor.reset()
        self.level: Samples = np.empty(0)
        if self._heart is not None:
            self._heart.reset()

    @property
    def n_samples(self) -> int:
        """Samples of whole frames seen."""
        return self._brief.n_samples

    @property
    def earliest(self) -> int:
        """Sample before which no later group can begin."""
        since = self._grouper.open_since
        return self._before() if since is None else min(since, self._before())

    @property
    def active_since(self) -> int | None:
        """Onset of the current activity; None at rest."""
        return active_since([self._brief, self._sustained.scale], self._grouper.open_since)

    @property
    def noisy_since(self) -> int | None:
        """Onset of the current stretch of too much noise; None if there is none."""
        return self._noise.since

    @property
    def noise_energy(self) -> float:
        """Mean square of the noise now, infinite while it is unknown."""
        return self.floor.energy

    @property
    def noisy_earliest(self) -> int:
        """No stretch of noise still to come begins before this sample."""
        return self._noise.earliest

    def process(
        self, energy: Samples, magnitude: Samples, motion: Samples | None = None
    ) -> tuple[list[Group], list[Span]]:
        """Process the next frames.

        Parameters
        ----------
        energy, magnitude
            As from the envelope.
        motion
            For accelerometers; an electrode sees none.

        Returns
        -------
        complete groups, and stretches of too much noise
        """
        if not len(energy):
            self.level = energy
            return [], []
        floor, raised = self.floor.process(energy)
        # A restless muscle raises what a twitch has to reach; it is no less active for that.
        self.level = energy / floor
        level = self.level / raised
        self._raised.append(self._brief.n_frames, raised)
        spans = self._brief_spans(self._brief.process(level, magnitude, floor))
        self._raised.forget(self._brief.earliest_frame)
        spans, beats = self._sift(spans)
        _, lasting = self._sustained.process(energy, magnitude, floor)
        spans += map(self._sustained.scale.span, lasting)
        noise = self._noise.process(floor, magnitude)
        return beats + self._grouper.process(spans, self._before()), noise

    def flush(self) -> tuple[list[Group], list[Span]]:
        """Return everything pending at the end of a stretch."""
        spans, beats = self._sift(self._brief_spans(self._brief.flush()), last=True)
        spans += map(self._sustained.scale.span, self._sustained.flush())
        groups = beats + self._grouper.process(spans, 0) + self._grouper.flush()
        return groups, self._noise.flush()

    def resume(self, n_samples: int) -> None:
        """Resume after a short gap, `n_samples` after the last start.

        The noise floor and the heart's rhythm are kept.
        """
        self._restart()
        self.floor.resume()
        if self._heart is not None:
            self._heart.resume(n_samples)

    def _restart(self) -> None:
        for stage in (self._raised, self._brief, self._sustained, self._noise):
            stage.reset()
        self._grouper.reset()

    def _before(self) -> int:
        """Sample before which no later span can begin."""
        held = np.inf if self._heart is None else self._heart.earliest
        return int(max(min(self._brief.earliest, self._sustained.scale.earliest, held), 0))

    def _sift(self, spans: list[Span], *, last: bool = False) -> tuple[list[Span], list[Group]]:
        """Separate the bursts of the heart."""
        if self._heart is None:
            return spans, []
        muscle, heart = self._heart.sift(spans, last=last)
        beats = [Group(s.onset, s.offset, s.peak, s.floor, 1, 0.0, Reason.ECG) for s in heart]
        return muscle, beats

    def _brief_spans(self, bursts: list[Burst]) -> list[Span]:
        """Return bursts of the short window as spans, with the threshold that they passed."""
        raised = [float(self._raised.between(b.start, b.start + 1)[0]) for b in bursts]
        return list(map(self._brief.span, bursts, raised))
