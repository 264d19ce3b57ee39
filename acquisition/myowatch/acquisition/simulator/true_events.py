"""Sums of waveforms, the true events that are visible in them, and the file of true events."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from myowatch.recordings.export.analysis_json import events_as_json
from myowatch.recordings.storage.disk import new_text_file
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples, Stream

BRIEF = 0.1
"""A twitch lasts from the first to the last sample above this share of its peak."""


def extent(wave: Samples, level: float | None = None) -> tuple[int, int]:
    """Return the first index of a waveform, and one past its last.

    Parameters
    ----------
    level
        Magnitude at which it begins and ends; by default a tenth of its peak.

    Examples
    --------
    >>> extent(np.array([0.0, 0.05, 1.0, -0.5, 0.0]))
    (2, 4)
    """
    magnitude = np.abs(wave)
    peak = magnitude.max()
    visible = np.flatnonzero(magnitude >= min(BRIEF * peak if level is None else level, peak))
    return int(visible[0]), int(visible[-1]) + 1


class Mixer:
    """Adds up waveforms that begin at known samples, as the signal is read in order.

    Parameters
    ----------
    n_channels
        Columns of every waveform.
    """

    def __init__(self, n_channels: int = 1) -> None:
        self._n_channels = n_channels
        self._waves: list[tuple[int, Samples]] = []

    def add(self, first_sample: int, wave: Samples) -> None:
        """Add a waveform of shape (n_samples, n_channels) that begins at `first_sample`."""
        self._waves.append((first_sample, wave))

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Return the sum, shape (end_sample - first_sample, n_channels), and drop what is over."""
        mixed = np.zeros((end_sample - first_sample, self._n_channels))
        for start, wave in self._waves:
            begin, end = max(start, first_sample), min(start + len(wave), end_sample)
            if begin < end:
                mixed[begin - first_sample : end - first_sample] += wave[
                    begin - start : end - start
                ]
        self._waves = [(s, w) for s, w in self._waves if s + len(w) > end_sample]
        return mixed


SEEN = 7.0
"""Smallest deflection of a simulated twitch, so that every twitch can be detected.

A detector that knows the shape, with 20 false alarms per hour, has a threshold of 4.1, and misses
one in 500 at 7. One that knows only band and duration (8 to 16 degrees of freedom) misses one in
ten at 7 and none at 9. A potential of 10 ms has a deflection of 7 at a peak-to-peak amplitude of
four to eight times the noise.
"""


class VisibilityTest:
    """A matched filter that knows the waveform and the spectrum of the noise.

    Parameters
    ----------
    power
        Of the noise at its unit level, from 0 Hz to half the sampling rate in even steps;
        1 throughout for white noise.
    from_hz
        Lower frequencies are hidden by baseline wander.
    """

    def __init__(self, power: Samples, sampling_rate: float, *, from_hz: float) -> None:
        self._hertz = np.linspace(0.0, sampling_rate / 2, len(power))
        self._power = np.where(self._hertz < from_hz, np.inf, power)
        self._rate = sampling_rate

    def deflection(self, wave: Samples, level: float) -> float:
        """Return the signal-to-noise ratio at the output of the matched filter.

        Parameters
        ----------
        wave
            Shape (n_samples,).
        level
            RMS of the noise, in the unit of the waveform.
        """
        n = 2 * len(wave)
        energy = np.abs(np.fft.rfft(wave, n)) ** 2 * (2.0 / n)
        energy[[0, -1]] /= 2  # all others also represent a negative frequency
        power = np.interp(np.fft.rfftfreq(n, 1 / self._rate), self._hertz, self._power)
        return float(np.sqrt((energy / power).sum()) / level)


ABOVE_NOISE = 2.0
LASTS = frozenset({Kind.CRAMP, Kind.MOVEMENT})


class TruthRecorder:
    """Makes true events of one stream from waveforms, its clock and its noise.

    Parameters
    ----------
    noise_at
        RMS of the noise at a sample, in the stream's unit.
    """

    def __init__(self, stream: Stream, noise_at: Callable[[int], float]) -> None:
        self._stream, self.noise_at = stream, noise_at
        self.sampling_rate = stream.sampling_rate

    def span(self, onset_s: float, lasting_s: float) -> tuple[int, Samples]:
        """Return the first sample from an onset, and the samples' times from that onset."""
        rate = self.sampling_rate
        start = int(np.ceil(onset_s * rate))
        n_samples = max(int(lasting_s * rate), 1)
        return start, (start + np.arange(n_samples)) / rate - onset_s

    def event(
        self, kind: Kind, start: int, wave: Samples, reason: Reason | None = None, count: int = 1
    ) -> Event:
        """Return the event of a waveform from sample `start`; None if it is not visible.

        What lasts is there as long as it stands out of the noise, however strong it was before.
        """
        noise = self.noise_at(start)
        lasts = kind in LASTS or reason is Reason.MOVEMENT
        first, last = extent(wave, ABOVE_NOISE * noise if lasts else None)
        peak = float(np.max(np.abs(wave)))
        snr_db = float(20 * np.log10(peak / noise))
        name, onset, offset = self._stream.name, start + first, start + last
        return Event(name, kind, onset, offset, peak, snr_db, reason=reason, count=count)

    def hidden(self, start: int, n_samples: int, reason: Reason, peak: float = 0.0) -> Event:
        """Return the artefact that hides everything from sample `start` on."""
        name, end = self._stream.name, start + n_samples
        return Event(name, Kind.ARTEFACT, start, end, peak, reason=reason)


def truth_path(recording: Path) -> Path:
    """Return the file of true events: `night.bdf` has `night.bdf.truth.json`."""
    return recording.with_name(recording.name + ".truth.json")


def write_truth(
    path: Path,
    recording: Path,
    streams: Sequence[Stream],
    n_samples: Mapping[str, int],
    events: Sequence[Event],
) -> None:
    """Write true events in the format of `analyze --json`.

    Raises
    ------
    StorageProblem
        If the file exists or cannot be written.
    """
    content = {
        "schema": 1,
        "file": recording.name,
        "streams": [
            {
                "name": stream.name,
                "modality": stream.modality,
                "unit": stream.unit,
                "sampling_rate_hz": stream.sampling_rate,
                "channels": stream.channels,
                "n_samples": n_samples[stream.name],
                "duration_s": n_samples[stream.name] / stream.sampling_rate,
            }
            for stream in streams
        ],
        **events_as_json(events, streams),
    }
    text = json.dumps(content, indent=1)
    with new_text_file(path) as file:
        file.write(text)
