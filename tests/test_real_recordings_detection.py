"""Real recordings: what stands in them was counted by eye, before there was a detector."""

from functools import cache
from pathlib import Path

import h5py
import numpy as np
import pytest
from event_lists import settled
from real_recordings import real_recording

from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit

SOLO_S = [
    *(2.50, 6.61, 11.96, 15.65, 19.13, 23.20, 26.35, 29.57, 34.95, 39.95, 43.50),
    *(49.89, 53.41, 57.25, 60.30, 62.25, 65.53, 68.67, 71.88, 77.71, 79.71),
]
FORTY_S = [3.55, 7.65, 11.9, 15.15, 18.0, 21.3, 25.4, 29.2, 31.95, 34.6, 37.3, 40.25]
TWO_DEVICES_S = [2.1, 4.5, 7.9, 10.7, 12.2, 15.85, 18.0, 21.25, 23.8, 26.5]
KINDS = {Kind.TWITCH, Kind.MOVEMENT, Kind.CRAMP}


def emg(name: str) -> list[tuple[Stream, Samples]]:
    """Every channel of at least 100 Hz, in microvolt: (adc / 2**bits - 0.5) x 3 V / 1000."""
    found = []
    with h5py.File(real_recording(name)) as file:
        for device in file.values():
            rate = float(device.attrs["sampling rate"])
            if rate < 100:
                continue
            for channel, bits in zip(
                device.attrs["channels"], device.attrs["resolution"], strict=True
            ):
                step = 3000 / 2 ** int(bits)
                counts = device[f"raw/channel_{channel}"][:].astype(np.float64).reshape(-1, 1)
                stream = Stream("EMG", Modality.EMG, Unit.MICROVOLT, rate, ("EMG",), step)
                found.append((stream, (counts - 2 ** (int(bits) - 1)) * step))
    return found


def detect(stream: Stream, samples: Samples) -> list[Event]:
    detector = Detector([stream])
    events: list[Event] = []
    for begin in range(0, len(samples), 1000):
        events += detector.process(SampleBlock(stream, begin, samples[begin : begin + 1000]))
    found = settled(events + detector.flush())
    return [e for e in found if e.kind in KINDS or e.reason is not Reason.EDGE]


@cache
def events_of(name: str) -> list[list[Event]]:
    return [[e for e in detect(*pair) if e.kind in KINDS] for pair in emg(name)]


def unmatched(
    events: list[Event], expected_s: list[float], within_s: float
) -> tuple[list[float], list[Event]]:
    """Expected onsets that no event has, and events that no onset was expected for."""
    left = list(events)
    missed = []
    for onset_s in expected_s:
        near = [e for e in left if abs(e.onset / 1000 - onset_s) <= within_s]
        if near:
            left.remove(max(near, key=lambda e: e.peak))
        else:
            missed.append(onset_s)
    return missed, left


def without(events: list[Event], around_s: list[float]) -> list[float]:
    """Give the times, known to a tenth or two of a second, at which no event is."""
    spans = [(e.onset / 1000 - 0.15, e.offset / 1000 + 0.15) for e in events]
    return [t for t in around_s if not any(a <= t <= b for a, b in spans)]


def test_solo_has_its_21_bursts_with_every_onset_within_50_milliseconds() -> None:
    (events,) = events_of("emg_1000_hz_16_bits_solo.h5")
    missed, others = unmatched(events, SOLO_S, 0.05)
    assert missed == []
    assert sum(e.peak > 50 for e in others) <= 2
    assert all(e.kind is not Kind.CRAMP for e in events)


def test_the_file_with_rising_tone_has_its_12_bursts() -> None:
    (events,) = events_of("emg_1000_hz_16_bits.h5")
    strong = [e for e in events if e.peak > 200]
    assert without(strong, FORTY_S) == []
    assert len(strong) == len(FORTY_S)
    assert all(e.kind is not Kind.CRAMP for e in events)


def test_two_devices_agree_within_one_burst() -> None:
    sixteen, eight = events_of("emg_1000_hz_8_16_bits.h5")
    assert without(sixteen, TWO_DEVICES_S) == without(eight, TWO_DEVICES_S) == []
    # Below 150 uV the 8-bit device sees little: its step is 12 uV.
    counts = [sum(e.peak > 150 for e in events) for events in (sixteen, eight)]
    assert abs(counts[0] - counts[1]) <= 1


def test_nine_contractions_are_nine_movements_and_nothing_else() -> None:
    (events,) = events_of("emg_bursts.h5")
    assert [e.kind for e in events] == [Kind.MOVEMENT] * 9


def test_thirty_flexions_that_clip_hold_no_twitch_and_no_cramp() -> None:
    (events,) = events_of("emg_fatigue.h5")
    assert [e.kind for e in events] == [Kind.MOVEMENT] * 30


def swinging() -> tuple[Stream, Samples]:
    """In g: the sensor gives about 5000 counts a g around 33 000 (OpenSignals' calibration)."""
    path: Path = real_recording("sync_acc_1.h5")
    with h5py.File(path) as file:
        (device,) = file.values()
        axes = [device[f"raw/channel_{i}"][:, 0].astype(np.float64) for i in (1, 2, 3)]
    channels = ("ACC.x", "ACC.y", "ACC.z")
    stream = Stream("ACC", Modality.ACCELEROMETER, Unit.G, 1000.0, channels, 1 / 5000)
    return stream, (np.stack(axes, axis=1) - 33_000) / 5000


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)], ids=str)
def test_a_still_arm_gives_nothing_and_a_swinging_one_a_movement(order: tuple[int, ...]) -> None:
    stream, samples = swinging()
    events = detect(stream, samples[:, order])
    assert [e.kind for e in events] == [Kind.MOVEMENT]
    assert events[0].onset == pytest.approx(22_100, abs=200)
