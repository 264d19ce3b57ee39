"""Laws that every decoder keeps, whatever the wire brings."""

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_senders import (
    SENDERS,
    Sender,
    Sent,
    counts_of,
    cut,
    first_sensor,
    some_counts,
    told,
)

from myowatch.acquisition.wire.decoding import Run
from myowatch.acquisition.wire.formats import FORMATS

every_sender = pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.name)


def test_every_format_has_a_sender() -> None:
    assert {sender.format for sender in SENDERS} == {each.name for each in FORMATS}


@every_sender
def test_all_that_was_sent_is_decoded(sender: Sender) -> None:
    sent = sender.send(some_counts(600, sender.channels))
    decoder = sender.decoder()
    runs = decoder.feed(sent.lead + b"".join(sent.frames) + sent.frames[0][:1])
    got = counts_of(first_sensor(decoder, runs))
    wanted = np.concatenate(sent.values)
    assert np.array_equal(got[-len(wanted) :], wanted)
    assert decoder.reception.bad_frames == 0


@dataclass(frozen=True)
class Harm:
    """Something that happens to the bytes on their way."""

    where: int
    what: str
    more: bytes

    def to(self, data: bytes) -> bytes:
        if not data:
            return data
        at = self.where % len(data)
        n = len(self.more)
        match self.what:
            case "lose":
                return data[:at] + data[at + n :]
            case "add":
                return data[:at] + self.more + data[at:]
            case "twice":
                return data[: at + n] + data[at:]
        return data[:at] + self.more + data[at + n :]


harm = st.builds(
    Harm,
    st.integers(0, 10_000),
    st.sampled_from(["lose", "add", "twice", "change"]),
    st.binary(min_size=1, max_size=40)
    | st.text('0123456789.+-eE,;:={}[]" \t\r\nnaif', min_size=1).map(str.encode),
)


@every_sender
@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 5),
    harms=st.lists(harm, max_size=8),
    cuts=st.lists(st.integers(0, 10_000), max_size=30),
)
def test_block_sizes_do_not_change_the_result(
    sender: Sender, seed: int, harms: list[Harm], cuts: list[int]
) -> None:
    sent = sender.send(some_counts(60, sender.channels, seed=seed))
    data = sent.lead + b"".join(sent.frames)
    for each in harms:
        data = each.to(data)
    whole = told(sender.decoder(), [data])
    assert told(sender.decoder(), cut(data, cuts)) == whole
    byte_by_byte = [data[n : n + 1] for n in range(500)]
    assert told(sender.decoder(), [*byte_by_byte, data[500:]]) == whole


@every_sender
@pytest.mark.parametrize("size", [13, 256, 999, 1001])
def test_too_long_frames_are_dropped_at_any_block_size(sender: Sender, size: int) -> None:
    sent = sender.send(some_counts(60, sender.channels))
    begin, end = b"".join(sent.frames[:30]), b"".join(sent.frames[30:])
    data = sent.lead + begin + b"7" * 3000 + end + b"7" * 1500
    whole = told(sender.decoder(), [data])
    assert told(sender.decoder(), [data[n : n + size] for n in range(0, len(data), size)]) == whole


@every_sender
@settings(max_examples=12, deadline=None)
@given(data=st.lists(st.binary(max_size=300), max_size=10))
def test_any_bytes_are_decoded_and_all_are_accounted_for(sender: Sender, data: list[bytes]) -> None:
    decoder = sender.decoder()
    sent = sender.send(some_counts(20, sender.channels))
    for piece in [*data, sent.lead, *sent.frames, *data]:
        for run in decoder.feed(piece):
            assert run.samples.shape[1] == len(run.layout.channels)
            assert len(run.samples)
    reception = decoder.reception
    accounted = reception.frame_bytes + reception.skipped_bytes
    came = 2 * sum(map(len, data)) + len(sent.lead) + sum(map(len, sent.frames))
    assert 0 <= came - accounted <= 16_000


def flip_first(frame: bytes, rng: np.random.Generator) -> bytes:
    return bytes([frame[0] ^ 1 << int(rng.integers(8))]) + frame[1:]


def lose(frame: bytes, rng: np.random.Generator) -> bytes:
    begin = int(rng.integers(len(frame)))
    return frame[:begin] + frame[begin + int(rng.integers(1, 9)) :]


def insert(frame: bytes, rng: np.random.Generator) -> bytes:
    at = int(rng.integers(1, len(frame)))
    return frame[:at] + rng.bytes(int(rng.integers(1, 4))) + frame[at:]


def flip(frame: bytes, rng: np.random.Generator) -> bytes:
    at = int(rng.integers(len(frame)))
    return frame[:at] + bytes([frame[at] ^ 1 << int(rng.integers(8))]) + frame[at + 1 :]


CHECKED = ("myoframe", "bitalino")
"""Formats with a CRC; in others a changed digit is a digit."""
FALSE_OF_1000 = {"bitalino": 5}
"""Its CRC and counter are 8 bits in all."""
NEIGHBOURS = {"myoframe": (1, 0), "chords": (0, 1), "cyton": (0, 2), "bitalino": (0, 4)}
"""Frames before and after that have to be undamaged too: a frame of `myoframe` ends the one before
it, the others are known by what follows them."""


def damage(sent: Sent, kinds: list[Callable[..., bytes]]) -> tuple[bytes, list[bool]]:
    """Damage one frame of ten; what then comes, and which are as they were."""
    rng = np.random.default_rng(5)
    unhurt = (rng.random(len(sent.frames)) >= 0.1).tolist()
    frames = [
        frame if whole else kinds[int(rng.integers(len(kinds)))](frame, rng)
        for frame, whole in zip(sent.frames, unhurt, strict=True)
    ]
    return sent.lead + b"".join(frames), unhurt


@pytest.mark.parametrize(
    "sender", [each for each in SENDERS if each.format != "text"], ids=lambda sender: sender.name
)
def test_undamaged_frames_among_damaged_ones_are_found_and_no_others(sender: Sender) -> None:
    sent = sender.send(some_counts(1000, sender.channels))
    data, unhurt = damage(sent, [flip_first, lose, insert] + [flip] * (sender.format in CHECKED))
    decoder = sender.decoder()
    got = counts_of(first_sensor(decoder, decoder.feed(data + sent.frames[0][:1])))
    frame_of = {tuple(row): n for n, rows in enumerate(sent.values) for row in rows.tolist()}
    frames = [frame_of.get(tuple(row)) for row in got.tolist()]
    assert frames.count(None) <= FALSE_OF_1000.get(sender.format, 0)
    before, after = NEIGHBOURS[sender.format]
    for n in range(len(unhurt)):
        if all(unhurt[max(n - before, 0) : n + after + 1]):
            assert n in frames


def test_a_damaged_line_does_not_affect_others() -> None:
    sender = next(each for each in SENDERS if each.name == "text labelled")
    sent = sender.send(some_counts(1000, sender.channels))
    data, unhurt = damage(sent, [flip_first, insert])
    decoder = sender.decoder()
    got = {tuple(row) for row in counts_of(decoder.feed(data)).tolist()}
    for rows, whole in zip(sent.values, unhurt, strict=True):
        assert not whole or tuple(rows[0].tolist()) in got


@every_sender
def test_noise_is_never_taken_for_samples(sender: Sender) -> None:
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 256, 1 << 20, dtype=np.uint8)
    noise[rng.random(len(noise)) < 0.01] = 0
    noise[rng.random(len(noise)) < 0.01] = ord("\n")
    decoder = sender.decoder()
    assert decoder.feed(noise.tobytes()) == []
    assert decoder.reception.frames == 0
    sent = sender.send(some_counts(300, sender.channels))
    pieces = [b"\0\n", sent.lead, *sent.frames]
    assert sum(len(run.samples) for piece in pieces for run in decoder.feed(piece)) > 280


ENDLESS = [b"\xff", b"1", b"1 ", b"{", b"[", b"\xa0", b"\xc7\x7c", b"1\n", b"\0", b"\x01\0"]


@every_sender
def test_an_endless_frame_is_not_kept(sender: Sender) -> None:
    for pattern in ENDLESS:
        decoder = sender.decoder()
        data = pattern * (4096 // len(pattern))
        decoder.feed(data)
        tracemalloc.start()
        for _ in range(12):
            decoder.feed(data)
        taken = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, "*/wire/*")])  # noqa: FBT003
        tracemalloc.stop()
        assert sum(trace.size for trace in taken.traces) < 40_000, pattern


@every_sender
def test_a_stream_is_decoded_after_a_megabyte_without_an_end(sender: Sender) -> None:
    decoder = sender.decoder()
    decoder.feed(b"7" * (1 << 20))
    sent = sender.send(some_counts(100, sender.channels))
    runs: list[Run] = decoder.feed(b"\0\n" + sent.lead + b"".join(sent.frames))
    assert sum(len(run.samples) for run in first_sensor(decoder, runs)) >= 90
