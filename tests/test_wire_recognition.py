"""A wire format is recognised from the bytes of a device, when there are enough of them."""

import numpy as np
import pytest
from wire_senders import SENDERS, Sender, some_counts

from myowatch.acquisition.wire.decoding import DeviceFacts
from myowatch.acquisition.wire.formats import FORMATS, format_named, recognise

BOOT = b"ets Jun  8 2016 00:22:57\r\nrst:0x1 (POWERON_RESET),boot:0x13\r\nSetup done\r\n"
# A board of 16 bits is known by its answer, before it sends.
heard_first = [sender for sender in SENDERS if sender.facts.bits != 16]
every_sender = pytest.mark.parametrize("sender", heard_first, ids=lambda sender: sender.name)


@every_sender
def test_a_board_is_recognised_by_what_it_sends(sender: Sender) -> None:
    sent = sender.send(some_counts(400, sender.channels))
    heard = BOOT + b"".join(sent.frames[:30])[5:] + sent.lead + b"".join(sent.frames[30:])
    found = recognise(heard)
    assert found is not None
    assert found.format.name == sender.format
    assert found.facts.channels == sender.facts.channels
    assert found.share > 0.8


@every_sender
def test_half_a_second_of_a_slow_board_is_enough(sender: Sender) -> None:
    sent = sender.send(some_counts(125, sender.channels))
    found = recognise(sent.lead + b"".join(sent.frames))
    assert found is not None
    assert found.format.name == sender.format


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        b"\0" * 5000,
        b"\xff" * 5000,
        b"U" * 5000,
        b"\n" * 5000,
        BOOT * 30,
        b"AT+OK\r\n" * 500,
        b"Guru Meditation Error: Core 0 panic'ed (LoadProhibited)\r\n" * 50,
        np.random.default_rng(1).bytes(20_000),
    ],
    ids=["nothing", "zeros", "ones", "U", "blank", "boot", "modem", "panic", "noise"],
)
def test_unknown_bytes_have_no_format(heard: bytes) -> None:
    assert recognise(heard) is None


def test_a_wrong_baud_rate_is_taken_for_no_format() -> None:
    sender = SENDERS[0]
    sent = sender.send(some_counts(400, sender.channels))
    # Heard at half the rate, each pair of bytes arrives as one that holds every second bit.
    heard = np.frombuffer(b"".join(sent.frames), np.uint8)
    bits = np.unpackbits(heard)[::2]
    assert recognise(np.packbits(bits).tobytes()) is None


def test_formats_are_named_as_typed() -> None:
    for each in FORMATS:
        assert format_named(each.name) is each
        assert each.baud_rates
        each.decoder(DeviceFacts())
    assert format_named("brainwaves") is None


def test_options_override_detected_facts() -> None:
    typed, told = DeviceFacts(channels=2), DeviceFacts(channels=6, bits=10, board="UNO-R3")
    assert typed.merge_over(told) == DeviceFacts(channels=2, bits=10, board="UNO-R3")


def test_no_board_takes_another_s_answer_for_its_own() -> None:
    answers = {
        "chords": b"UNO-R4\r\n",
        "bitalino": b"BITalino_v5.2\n",
        "cyton": b"OpenBCI V3 8-16 channel\nOn Board ADS1299 Device ID: 0x3E\n$$$",
        "myoframe": b"\0" + SENDERS[0].send(some_counts(10, 4)).lead,
    }
    for name, answer in answers.items():
        assert [each.name for each in FORMATS if each.answered(answer)] == [name]
