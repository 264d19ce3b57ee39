"""Groups what shakes the skin: brief bursts, vibration that lasts, and a limb that moves."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from myowatch.signal.accelerometer.tremor import RegularFiring, TremorOnset
from myowatch.signal.bursts.bursts import Burst, BurstDetector, SuccessiveTwitches, energy_threshold
from myowatch.signal.bursts.grouping import Grouper
from myowatch.signal.bursts.time_scales import SustainedScale, TimeScale, active_since
from myowatch.signal.dsp.spans import Group, Scale, Span
from myowatch.signal.model.samples import Samples
from myowatch.signal.noise.noise_floor import NoiseLimit
from myowatch.signal.noise.rest_floor import RestFloor

# Tremor at rest comes and goes: twitches stand out from it after a rise of 5 dB too, what lasts
# is a cramp unless it rose by less than 2 dB.
_RESTLESS, _TREMBLING = 10**0.5, 10**0.2
# Energies over the noise floor. A brief burst ends where noise is met again one time in 200;
# sustained vibration must more than double the energy of its window.
_LOW_DEVIATE = 2.6
# Skin rings on: 13 dB under its top a burst is over.
_SHARE = 0.05
# Of noise alone the third weakest step of eight reaches the lower one once in 100 000 (simulated).
_SUSTAINED_HIGH, _SUSTAINED_LOW = 2.2, 1.4
_SLOW_WINDOW_S = 1.024
# Twitches in a row ring into each other: what lasts holds this share of its strongest step.
_EVENNESS = 0.03
# A limb that has begun to move still does, down to this share of the limit: between two turns a
# swing of 0.5 Hz falls to 0.6 of its greatest.
_MOTION_LOW = 0.4


class VibrationTracker:
    """Makes groups of activity from frames of energy in several bands.

    Parameters
    ----------
    sampling_rate
        Hz.
    frame
        Samples per frame.
    degrees, least
        Of each band, see `RestFloor`.
    delay, lateness
        Samples by which a burst's begin and its end are seen late.
    motion_lateness
        Samples by which the end of slow motion is seen late.
    deviate, noise_limit, tone_limit, twitch_max_s, doublet_s, cramp_min_s
        See the settings.
    """

    def __init__(
        self,
        sampling_rate: float,
        *,
        frame: int,
        degrees: Sequence[float],
        least: Sequence[float],
        delay: int,
        lateness: int,
        motion_lateness: int,
        deviate: float,
        noise_limit: float,
        tone_limit: float,
        twitch_max_s: float,
        doublet_s: float,
        cramp_min_s: float,
    ) -> None:
        frame_rate = sampling_rate / frame
        self._frame = frame
        self.floor = RestFloor(
            frame_rate,
            degrees,
            follow=[_RESTLESS] * (len(degrees) - 1) + [_TREMBLING],
            least=least,
            deviate=deviate,
        )
        least_degrees = min(degrees[:-1])
        self.threshold = energy_threshold(deviate, least_degrees)
        self._low = energy_threshold(_LOW_DEVIATE, least_degrees)
        self._brief = TimeScale(
            BurstDetector(self.threshold, self._low, _SHARE),
            step=frame,
            early=delay,
            late=lateness,
            least=frame,
        )
        self._sustained = SustainedScale(
            sampling_rate,
            frame,
            window_s=_SLOW_WINDOW_S,
            high=_SUSTAINED_HIGH,
            low=_SUSTAINED_LOW,
            tone=tone_limit**2,
            evenness=_EVENNESS,
        )
        self._motion = TimeScale(
            BurstDetector(1.0, _MOTION_LOW),
            Scale.MOTION,
            step=frame,
            late=motion_lateness,
            least=frame,
        )
        self._pulses = RegularFiring(frame_rate, self._sustained.step, _SUSTAINED_HIGH)
        self._succession = SuccessiveTwitches(frame_rate, self.threshold, self._low, _SHARE)
        self._noise = NoiseLimit(noise_limit, frame)
        self._prelude = TremorOnset(sampling_rate)
        self._grouper = Grouper(
            sampling_rate,
            twitch_max_s=twitch_max_s,
            doublet_s=doublet_s,
            slack_s=_SLOW_WINDOW_S,
            tremor_s=cramp_min_s,
        )

    def reset(self) -> None:
        """Reset to the initial state."""
        self._restart()
        self.floor.reset()
        self.level: Samples = np.empty(0)

    def resume(self, n_samples: int) -> None:
        """Resume after a short gap, with the noise floor known before it.

        It begins so many samples after the last beginning, which makes no difference here.
        """
        self._restart()
        self.floor.resume()

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
        scales = [self._brief, self._sustained.scale, self._motion]
        return active_since(scales, self._grouper.open_since)

    @property
    def noisy_since(self) -> int | None:
        """Onset of the current stretch of too much noise; None if there is none."""
        return self._noise.since

    @property
    def noisy_earliest(self) -> int:
        """No stretch of noise still to come begins before this sample."""
        return self._noise.earliest

    @property
    def noise_energy(self) -> float:
        """Mean square of the noise now, infinite while it is unknown."""
        return float(self.floor.bands[-1])

    def process(
        self, energy: Samples, magnitude: Samples, motion: Samples | None
    ) -> tuple[list[Group], list[Span]]:
        """Process the next frames.

        Parameters
        ----------
        energy
            Of each band, shape (n_bands, n_frames).
        magnitude
            Largest of the filtered signal, shape (n_frames,).
        motion
            Slow motion in units of its limit, shape (n_frames,).

        Returns
        -------
        complete groups, and stretches of too much noise
        """
        assert motion is not None
        if not len(magnitude):
            self.level = magnitude
            return [], []
        limit, whole = self.floor.process(energy)
        # Each of the bands may hold most of a twitch; the last is the whole of them.
        self.level = np.maximum.reduce(energy[:-1] / limit[:-1]) * self.threshold
        slow, lasting = self._sustained.process(energy[-1], magnitude, whole)
        self._pulses.process(energy[-1], slow)
        self._succession.process(self.level, motion)
        spans = self._brief_spans(self._brief.process(self.level, magnitude, whole))
        spans += self._sustained_spans(lasting)
        spans += map(self._motion.span, self._motion.process(motion, magnitude, whole))
        noise = self._noise.process(whole, magnitude)
        settled = self._prelude.process(spans, self._unheld())
        groups = [self._judged(g) for g in self._grouper.process(settled, self._before())]
        self._pulses.forget(self.earliest // self._frame)
        return groups, noise

    def flush(self) -> tuple[list[Group], list[Span]]:
        """Return everything pending at the end of a stretch."""
        spans = self._brief_spans(self._brief.flush())
        spans += self._sustained_spans(self._sustained.flush())
        spans += map(self._motion.span, self._motion.flush())
        settled = self._prelude.process(spans, 0) + self._prelude.flush()
        groups = self._grouper.process(settled, 0) + self._grouper.flush()
        return [self._judged(group) for group in groups], self._noise.flush()

    def _restart(self) -> None:
        for stage in (self._brief, self._sustained, self._motion, self._noise):
            stage.reset()
        self._prelude.reset()
        self._grouper.reset()
        self._pulses.reset()
        self._succession.reset()

    def _before(self) -> int:
        """Return the sample before which the grouper gets no further span."""
        since = self._prelude.open_since
        return self._unheld() if since is None else min(since, self._unheld())

    def _unheld(self) -> int:
        """Sample before which no later span can begin."""
        scales = (self._brief, self._sustained.scale, self._motion)
        return max(min(scale.earliest for scale in scales), 0)

    def _brief_spans(self, bursts: list[Burst]) -> list[Span]:
        parts = (part for burst in bursts for part in self._succession.apart(burst))
        return list(map(self._brief.span, parts))

    def _sustained_spans(self, bursts: list[Burst]) -> list[Span]:
        # What ends before it began, its end put right, is left to the short window.
        scale = self._sustained.scale
        return [scale.span(burst) for burst in bursts if scale.length(burst) > 0]

    def _judged(self, group: Group) -> Group:
        """Return the group, marked as one motor unit if it comes at regular intervals."""
        onset, offset = group.onset // self._frame, group.offset // self._frame
        return replace(group, lasting=0.0) if self._pulses.is_regular(onset, offset) else group
