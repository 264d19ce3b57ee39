"""Contact of an electrode with the skin, and with the device."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy import signal

from myowatch.acquisition.simulator import electrode_artefacts as electrode
from myowatch.acquisition.simulator.background import Mains
from myowatch.acquisition.simulator.ranges import Artefacts
from myowatch.acquisition.simulator.scene import EventKind
from myowatch.acquisition.simulator.timetable import ScheduledEvent, random_draws
from myowatch.acquisition.simulator.true_events import Mixer, TruthRecorder, extent
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples

LOOSE_BODY_SHARE = 0.05
"""Share of the body's signal that a loose electrode still picks up."""
RECOVERED_UV = 1000.0
"""A saturated front end counts as recovered below this."""


class ContactFaults:
    """Ranges of samples that are replaced by a value, read in order."""

    def __init__(self, value: float) -> None:
        self._value = value
        self._ranges: list[tuple[int, int]] = []

    def add(self, start: int, n_samples: int) -> None:
        """Add a range that begins at sample `start`."""
        self._ranges.append((start, start + n_samples))

    def put(self, samples: Samples, first_sample: int) -> None:
        """Replace samples in the ranges; `samples` has shape (n_samples, n_channels)."""
        for start, end in self._ranges:
            samples[max(start - first_sample, 0) : max(end - first_sample, 0)] = self._value
        self._ranges = [s for s in self._ranges if s[1] > first_sample + len(samples)]


class Coupling:
    """A first-order high-pass filter between electrodes and amplifier; at 0 Hz a plain wire."""

    def __init__(self, high_pass_hz: float, sampling_rate: float) -> None:
        self._sos: Samples | None = None
        if high_pass_hz > 0:
            corner_hz = min(high_pass_hz, 0.3 * sampling_rate)
            self._sos = signal.butter(1, corner_hz, "highpass", fs=sampling_rate, output="sos")
        self._state = np.zeros((1, 2, 1))

    def process(self, samples: Samples) -> Samples:
        """Return the next samples behind it, shape (n_samples, 1)."""
        if self._sos is None:
            return samples
        passed, self._state = signal.sosfilt(self._sos, samples, axis=0, zi=self._state)
        return np.asarray(passed)


class SimulatedContact:
    """All faults between skin and file at one electrode.

    Parameters
    ----------
    hum
        Hum of a loose electrode.
    coupling
        What couples the electrodes to the amplifier.
    """

    def __init__(
        self,
        hum: Mains,
        rail_uv: float,
        truth: TruthRecorder,
        artefacts: Artefacts,
        coupling: "Coupling",
    ) -> None:
        self._hum, self._rail_uv, self._truth = hum, rail_uv, truth
        self._artefacts, self._coupling = artefacts, coupling
        self._added, self._lost, self._driven = Mixer(), Mixer(), Mixer()
        self._flat_lines, self._missing = ContactFaults(0.0), ContactFaults(np.nan)
        self._hidden = (0, 0)
        self.makers: Mapping[EventKind, Callable[[ScheduledEvent], list[Event]]] = {
            EventKind.POP: self._pop,
            EventKind.LOOSE: self._loose,
            EventKind.CABLE: self._cable,
            EventKind.FLAT: self._flat,
            EventKind.SATURATION: self._saturation,
            EventKind.DROPOUT: self._dropout,
        }

    def hides(self, start: int, n_samples: int) -> bool:
        """Return whether a fault hides the body in some of these samples."""
        return start < self._hidden[1] and self._hidden[0] < start + n_samples

    def read(self, body: Samples, rest: Samples, first_sample: int) -> Samples:
        """Return the samples with their faults, NaN where missing; shape (n_samples, 1).

        Parameters
        ----------
        body, rest
            Signal of the body at a good contact, and the background.
        """
        end_sample = first_sample + len(body)
        received = body * (1.0 - self._lost.read(first_sample, end_sample)) + rest
        received += self._added.read(first_sample, end_sample)
        received = self._coupling.process(received)
        received += self._driven.read(first_sample, end_sample)
        np.clip(received, -self._rail_uv, self._rail_uv, out=received)
        self._flat_lines.put(received, first_sample)
        self._missing.put(received, first_sample)
        return received

    def _pop(self, scheduled: ScheduledEvent) -> list[Event]:
        rng = random_draws(scheduled.draw, "pop")
        start, wave = electrode.pop(rng, scheduled, self._artefacts, self._truth.span)
        self._added.add(start, wave[:, np.newaxis])
        return [self._truth.event(Kind.ARTEFACT, start, wave, Reason.ELECTRODE_POP)]

    def _cable(self, scheduled: ScheduledEvent) -> list[Event]:
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        wave = electrode.cable(random_draws(scheduled.draw, "cable"), time_s, self._artefacts)
        self._added.add(start, wave[:, np.newaxis])
        return [self._truth.event(Kind.ARTEFACT, start, wave, Reason.MOVEMENT)]

    def _loose(self, scheduled: ScheduledEvent) -> list[Event]:
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        hum = self._hum.shape(time_s)
        rng = random_draws(scheduled.draw, "loose")
        wave = electrode.loose(rng, time_s, hum, self._artefacts)
        self._added.add(start, wave[:, np.newaxis])
        self._lost.add(start, np.full((len(wave), 1), 1.0 - LOOSE_BODY_SHARE))
        return [self._hide(start, len(wave), Reason.NOISE, wave)]

    def _flat(self, scheduled: ScheduledEvent) -> list[Event]:
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        self._flat_lines.add(start, len(time_s))
        return [self._hide(start, len(time_s), Reason.FLAT)]

    def _dropout(self, scheduled: ScheduledEvent) -> list[Event]:
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        self._missing.add(start, len(time_s))
        return [self._hide(start, len(time_s), Reason.GAP)]

    def _saturation(self, scheduled: ScheduledEvent) -> list[Event]:
        rng = random_draws(scheduled.draw, "saturation")
        start, wave = electrode.saturation(rng, scheduled, self._rail_uv, self._truth.span)
        self._driven.add(start, wave[:, np.newaxis])
        clipped = np.clip(wave, -self._rail_uv, self._rail_uv)
        n_samples = extent(clipped, RECOVERED_UV)[1]
        return [self._hide(start, n_samples, Reason.SATURATION, clipped)]

    def _hide(
        self, start: int, n_samples: int, reason: Reason, wave: Samples | None = None
    ) -> Event:
        self._hidden = (start, start + n_samples)
        peak = 0.0 if wave is None else float(np.max(np.abs(wave)))
        return self._truth.hidden(start, n_samples, reason, peak)
