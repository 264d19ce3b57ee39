"""Noise without any event: whatever is reported in it is false.

EMG, 5 uV RMS: Gaussian with the spectrum of each real rest, white, Laplacian, Student's t with 5
degrees of freedom, white with sparse impulses of one sample, white under hum that drifts and
jumps, and white as converters of 8 and 10 bits give it.

Accelerometer, 1 mg RMS on each axis and gravity: white, 1/f, white with tremor, with the pulse,
and in steps of 1 and 4 mg.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from scenes import Recorded
from scipy.signal import butter, sosfilt, welch

from grounds.motor_units import SPLITS, Split
from grounds.rests import names, rest
from myowatch.signal.model.samples import AXES, Modality, Samples, Stream, Unit, quantise

EMG_RMS_UV = 5.0
ACCELEROMETER_RMS_G = 0.001
EMG_RATES = (250.0, 1000.0, 2000.0)
EMG_EXTREMES = (50.0, 100.0, 500.0, 4000.0, 10000.0)
"""Rates of white noise only, besides `EMG_RATES`."""
ACCELEROMETER_RATES = (100.0, 400.0)
ACCELEROMETER_EXTREMES = (50.0, 200.0, 1000.0, 10000.0)

_FINE_UV, _FINE_G = 0.05, 2e-6
_GRAVITY = np.array([0.3613, 0.4791, 0.8001])
"""Not on a step of the coarse ones."""
_LINE = np.array([2.0, -1.0, 2.0]) / 3
"""Direction of tremor and pulse."""

Make = Callable[[int, float, np.random.Generator], Samples]


@dataclass(frozen=True, slots=True)
class NoiseScene:
    """The parameters of noise; the same parameters give the same samples."""

    name: str
    modality: Modality
    rate: float
    minutes: float
    seed: int


@dataclass(frozen=True, slots=True)
class Noise:
    """A kind of noise.

    Parameters
    ----------
    make
        Returns n samples at a rate: microvolts, shape (n,), or g, shape (n, 3), without gravity.
    rates
        Hz.
    resolution
        Microvolts or g per count.
    """

    make: Make
    rates: tuple[float, ...]
    resolution: float


def scenes(
    minutes: float,
    seed: int = 0,
    modality: Modality | None = None,
    split: Split | None = None,
) -> Iterator[tuple[str, Recorded]]:
    """Make every kind of noise at every rate, one at a time.

    Parameters
    ----------
    modality
        EMG or accelerometer; both if None.
    split
        Which rests give their spectra; all if None.

    Yields
    ------
    name
        For instance `white, 1000 Hz`.
    recorded
        Without true events.
    """
    emg, accelerometer = emg_noises(split), accelerometer_noises()
    for kind, noises in ((Modality.EMG, emg), (Modality.ACCELEROMETER, accelerometer)):
        if modality in {None, kind}:
            for name, noise in noises.items():
                for rate in noise.rates:
                    asked = NoiseScene(name, kind, rate, minutes, seed)
                    yield f"{name}, {rate:g} Hz", _recorded(asked, noise)


def emg_noises(split: Split | None = None) -> Mapping[str, Noise]:
    """Return the kinds of noise of an EMG by name, see `scenes`."""
    rests = [name for each in ((split,) if split else SPLITS) for name in names(each)]
    return {
        "white": Noise(_white, (*EMG_RATES, *EMG_EXTREMES), _FINE_UV),
        "Laplacian": Noise(_laplacian, EMG_RATES, _FINE_UV),
        "Student t5": Noise(_student, EMG_RATES, _FINE_UV),
        "sparse impulses": Noise(_impulses, EMG_RATES, _FINE_UV),
        "unsteady hum": Noise(_unsteady_hum, EMG_RATES, _FINE_UV),
        # Full scales of 5 V and 3 V at a gain of 1000.
        "10 bit": Noise(_drifting, EMG_RATES, 5000 / 1024),
        "8 bit": Noise(_drifting, EMG_RATES, 3000 / 256),
        **{f"spectrum of {n}": Noise(partial(_like, n), EMG_RATES, _FINE_UV) for n in rests},
    }


def accelerometer_noises() -> Mapping[str, Noise]:
    """Return the kinds of noise of an accelerometer by name."""
    rates = ACCELEROMETER_RATES
    return {
        "white": Noise(_white_axes, (*rates, *ACCELEROMETER_EXTREMES), _FINE_G),
        "1/f": Noise(_pink_axes, rates, _FINE_G),
        "tremor": Noise(_tremor, rates, _FINE_G),
        "pulse": Noise(_pulse, rates, _FINE_G),
        "1 mg steps": Noise(_white_axes, rates, 0.001),
        "4 mg steps": Noise(_white_axes, rates, 0.004),
    }


def _recorded(asked: NoiseScene, noise: Noise) -> Recorded:
    key = f"{asked.modality} {asked.name} {asked.rate}"
    random = np.random.default_rng([zlib.crc32(key.encode()), asked.seed])
    made = noise.make(round(asked.minutes * 60 * asked.rate), asked.rate, random)
    if asked.modality is Modality.EMG:
        named: tuple[str, ...] = ("EMG",)
        stream = Stream("EMG", asked.modality, Unit.MICROVOLT, asked.rate, named, noise.resolution)
        samples = quantise(made[:, None], noise.resolution)
    else:
        named = ("x", "y", "z")
        stream = Stream("ACC", asked.modality, Unit.G, asked.rate, named, noise.resolution)
        samples = quantise(made + _GRAVITY, noise.resolution)
    return Recorded(asked, stream, samples, samples, ())


def _white(n: int, rate: float, random: np.random.Generator) -> Samples:
    del rate
    return np.asarray(EMG_RMS_UV * random.standard_normal(n))


def _laplacian(n: int, rate: float, random: np.random.Generator) -> Samples:
    del rate
    return random.laplace(0, EMG_RMS_UV / np.sqrt(2), n)


def _student(n: int, rate: float, random: np.random.Generator) -> Samples:
    del rate
    # Its variance is 5 / 3.
    return np.asarray(EMG_RMS_UV * np.sqrt(3 / 5) * random.standard_t(5, n))


def _impulses(n: int, rate: float, random: np.random.Generator) -> Samples:
    """Add 10 to 30 times the RMS to single samples, about one in three seconds."""
    samples = _white(n, rate, random)
    at = np.flatnonzero(random.random(n) < 1 / 3 / rate)
    size = EMG_RMS_UV * random.uniform(10, 30, len(at)) * random.choice([-1, 1], len(at))
    samples[at] += size
    return samples


def _unsteady_hum(n: int, rate: float, random: np.random.Generator) -> Samples:
    """Add hum of 2 to 40 uV; it jumps every half minute or so, and drifts by 0.1 Hz."""
    seconds = np.arange(n) / rate
    jumps = random.random(n) < 1 / 30 / rate
    kept = np.cumsum(jumps)
    size = np.exp(random.uniform(np.log(2), np.log(40), kept[-1] + 1))[kept]
    phase = random.uniform(0, 2 * np.pi, kept[-1] + 1)[kept]
    # The deviation of 0.1 Hz takes two minutes to come and go.
    drift = 0.1 * 120 * np.sin(2 * np.pi * seconds / 120)
    angle = 2 * np.pi * 50 * seconds + drift + phase
    hum = np.sin(angle)
    if rate > 300:
        hum += 0.3 * np.sin(3 * angle)
    return np.asarray(_white(n, rate, random) + size * hum)


def _drifting(n: int, rate: float, random: np.random.Generator) -> Samples:
    """Let the offset drift over two steps of a coarse converter, as electrodes do."""
    seconds = np.arange(n) / rate
    return np.asarray(_white(n, rate, random) + 10 * np.sin(2 * np.pi * seconds / 300))


def _like(name: str, n: int, rate: float, random: np.random.Generator) -> Samples:
    """Shape white noise to the spectrum of a rest; above half of its rate there is nothing."""
    own = rest(name)
    segment = min(512, *(len(s) for s in own.stretches))
    weighted = [welch(s, own.rate, nperseg=segment)[1] * len(s) for s in own.stretches]
    hertz = np.asarray(np.fft.rfftfreq(segment, 1 / own.rate), np.float64)
    gain = np.sqrt(np.sum(weighted, axis=0))
    return EMG_RMS_UV * _shaped(n, rate, random, hertz, gain)


def _shaped(
    n: int, rate: float, random: np.random.Generator, hertz: Samples, gain: Samples
) -> Samples:
    """Return Gaussian noise of RMS 1 with a given gain at given frequencies."""
    spectrum = np.fft.rfft(random.standard_normal(n))
    spectrum *= np.interp(np.fft.rfftfreq(n, 1 / rate), hertz, gain, right=0.0)
    samples = np.fft.irfft(spectrum, n)
    return np.asarray(samples / np.sqrt(np.mean(samples**2)))


def _white_axes(n: int, rate: float, random: np.random.Generator) -> Samples:
    del rate
    return ACCELEROMETER_RMS_G * random.standard_normal((n, AXES))


def _pink_axes(n: int, rate: float, random: np.random.Generator) -> Samples:
    """Return noise whose power falls with frequency from 0.1 Hz on."""
    hertz = np.geomspace(0.1, rate / 2, 200)
    axes = [_shaped(n, rate, random, hertz, hertz**-0.5) for _ in range(AXES)]
    return ACCELEROMETER_RMS_G * np.stack(axes, axis=1)


def _tremor(n: int, rate: float, random: np.random.Generator) -> Samples:
    """Add tremor of 2 mg RMS at 7 to 12 Hz along a line; it swells and fades."""
    band = butter(2, (7, 12), "bandpass", fs=rate, output="sos")
    swing = sosfilt(band, random.standard_normal(n))
    swing *= 0.002 / np.sqrt(np.mean(swing**2))
    return _white_axes(n, rate, random) + np.outer(swing, _LINE)


def _pulse(n: int, rate: float, random: np.random.Generator) -> Samples:
    """Add about 70 beats a minute, each an oscillation of 6 Hz that dies away, 2 to 4 mg."""
    beats = np.cumsum(random.normal(60 / 70, 0.04, int(n / rate * 1.5) + 10))
    at = np.rint(beats * rate).astype(np.intp)
    strikes = np.zeros(n)
    strikes[at[at < n]] = random.uniform(0.002, 0.004, len(at))[at < n]
    seconds = np.arange(round(0.5 * rate)) / rate
    wave = np.sin(2 * np.pi * 6 * seconds) * np.exp(-seconds / 0.12)
    wave /= np.abs(wave).max()
    return _white_axes(n, rate, random) + np.outer(np.convolve(strikes, wave)[:n], _LINE)
