"""Frames of boards that are bought: golden bytes, and what their decoders say of themselves."""

import numpy as np
import pytest
from wire_senders import SENDERS, counts_of, some_counts

from myowatch.acquisition.wire import bitalino, chords, cyton
from myowatch.acquisition.wire.bitalino import BitalinoDecoder
from myowatch.acquisition.wire.chords import BOARDS, ChordsDecoder
from myowatch.acquisition.wire.cyton import CytonDecoder
from myowatch.acquisition.wire.decoding import DeviceFacts

CYTON = "a007000000000001ffffff7fffff8000000186a0fe79600030392000e0000000c0"


def test_chords_golden_frame() -> None:
    golden = bytes.fromhex("c77c2a080000000fff01")
    (run,) = ChordsDecoder(DeviceFacts(channels=3)).feed(golden + golden[:1])
    assert run.samples.tolist() == [[2048, 0, 4095]]
    assert run.count == 42


def test_chords_values_may_look_like_the_beginning_of_a_frame() -> None:
    frame = bytes.fromhex("c77c01") + bytes.fromhex("c77c") * 3 + b"\x01"
    decoder = ChordsDecoder(DeviceFacts(channels=3, bits=16))
    (run,) = decoder.feed(b"\xc7" + frame + frame[:2])
    assert run.samples.tolist() == [[0xC77C] * 3]


@pytest.mark.parametrize("name", BOARDS)
def test_chords_boards_are_known_by_their_answer(name: str) -> None:
    facts = chords.answer(f"\x00\xc7\r\n{name}\r\n".encode("latin-1"))
    assert facts is not None
    board = BOARDS[name]
    (layout,) = ChordsDecoder(facts).layouts
    assert (len(layout.channels), layout.sampling_rate) == (board.channels, board.sampling_rate)
    assert chords.answer(b"ready\r\n") is None


@pytest.mark.parametrize(
    ("channels", "golden", "values"),
    [
        (1, "00a85d", [512]),
        (2, "ff03a850", [512, 1023]),
        (3, "4000ff03a852", [512, 1023, 1]),
        (4, "c06b00ff03a85a", [512, 1023, 1, 700]),
        (6, "7fc86b00ff03a854", [512, 1023, 1, 700, 33, 63]),
    ],
)
def test_bitalino_golden_frames(channels: int, golden: str, values: list[int]) -> None:
    frame = bytes.fromhex(golden)
    following = []
    for count in range(6, 10):
        data = bytearray(frame)
        data[-1] = count << 4
        data[-1] |= next(crc for crc in range(16) if _is_whole(bytes(data[:-1]), count, crc))
        following.append(bytes(data))
    (run,) = BitalinoDecoder(DeviceFacts(channels=channels)).feed(frame + b"".join(following))
    assert run.count == 5
    assert run.samples.tolist() == [values] * 5


def _is_whole(head: bytes, count: int, crc: int) -> bool:
    """Whether a polynomial division leaves nothing, as by pencil."""
    bits = [int(bit) for byte in head for bit in f"{byte:08b}"]
    bits += [int(bit) for bit in f"{count:04b}{crc:04b}"]
    divisor = [1, 0, 0, 1, 1]
    for n in range(len(bits) - 4):
        if bits[n]:
            bits[n : n + 5] = [bit ^ p for bit, p in zip(bits[n : n + 5], divisor, strict=True)]
    return not any(bits)


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5, 6])
def test_bitalino_frames_of_any_number_of_channels(channels: int) -> None:
    send = next(sender.send for sender in SENDERS if sender.name == "bitalino")
    sent = send(some_counts(100, channels))
    decoder = BitalinoDecoder(DeviceFacts(channels=channels))
    got = counts_of(decoder.feed(b"".join(sent.frames)))
    assert np.array_equal(got, np.concatenate(sent.values))


def test_bitalino_is_started_at_its_rate_with_its_channels() -> None:
    assert bitalino.start(DeviceFacts(channels=2, sampling_rate=100)) == (b"\x83", b"\x0d")
    assert bitalino.start(DeviceFacts()) == (b"\xc3", b"\xfd")
    with pytest.raises(ValueError, match="250"):
        bitalino.start(DeviceFacts(sampling_rate=250))
    assert bitalino.answer(b"\x12BITalino_v5.2\n") == DeviceFacts(board="BITalino_v5.2")
    assert bitalino.answer(b"ready\n") is None


def test_cyton_golden_frame() -> None:
    golden = bytes.fromhex(CYTON)
    after = golden[:1] + b"\x08" + golden[2:]
    emg, acceleration = CytonDecoder(DeviceFacts()).feed(golden + after + golden[:1])
    wanted = [0, 1, -1, 8388607, -8388608, 100000, -100000, 12345]
    assert counts_of([emg]).tolist() == [wanted] * 2
    assert emg.samples[0, 1] == pytest.approx(0.02235, rel=1e-3)
    assert acceleration.samples == pytest.approx(np.array([[1.024, -1.024, 0.0]] * 2))
    assert emg.count == 7


def test_cyton_accelerometer_speaks_only_when_it_has_something_new() -> None:
    sender = next(sender for sender in SENDERS if sender.name == "cyton")
    sent = sender.send(some_counts(100, 8))
    runs = sender.decoder().feed(b"".join(sent.frames) + b"\xa0")
    assert sum(len(run.samples) for run in runs if run.layout.name == "ACC") == 10


def test_cyton_is_known_by_what_it_says_after_a_reset() -> None:
    said = b"OpenBCI V3 8-16 channel\nOn Board ADS1299 Device ID: 0x3E\n$$$"
    assert cyton.answer(said) == DeviceFacts(channels=8, board="OpenBCI Cyton")
    with_daisy = cyton.answer(said + b"On Daisy ADS1299 Device ID: 0x3E\n$$$")
    assert with_daisy is not None
    with pytest.raises(ValueError, match="Daisy"):
        CytonDecoder(with_daisy)


@pytest.mark.parametrize("channels", [0, 17])
def test_numbers_of_channels_that_cannot_be_are_refused(channels: int) -> None:
    for make in (ChordsDecoder, BitalinoDecoder, CytonDecoder):
        with pytest.raises(ValueError, match=f"got {channels}"):
            make(DeviceFacts(channels=channels))


def test_a_count_that_jumps_begins_a_new_run() -> None:
    sender = next(sender for sender in SENDERS if sender.name == "chords")
    frames = sender.send(some_counts(300, 6)).frames
    runs = sender.decoder().feed(b"".join(frames[:100] + frames[150:]) + b"\xc7")
    assert [(run.count, len(run.samples)) for run in runs] == [(0, 100), (150, 150)]
