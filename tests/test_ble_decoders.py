"""Layouts that wearables have over Bluetooth LE: golden notifications, and the decoders' laws."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from ble_senders import (
    MOVESENSE_GOLDEN,
    NPG_GOLDEN,
    movesense_notifications,
    npg_notifications,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_senders import cut, told

from myowatch.acquisition.timing.sample_counts import DuplicateFilter
from myowatch.acquisition.wire import movesense
from myowatch.acquisition.wire.decoding import Decoder, DeviceFacts, Run
from myowatch.acquisition.wire.delimited import Messages, pack
from myowatch.acquisition.wire.movesense import STANDARD_GRAVITY, MovesenseDecoder
from myowatch.acquisition.wire.myoware import MyowareDecoder
from myowatch.acquisition.wire.npg_lite import NpgLiteDecoder

RNG = np.random.default_rng(4)
METRES = RNG.normal(0, 3, (400, 3))
COUNTS = RNG.integers(-2048, 4096, (400, 3))

Make = Callable[[], Decoder]
WEARABLES: dict[str, tuple[Make, list[bytes]]] = {
    "movesense": (
        lambda: MovesenseDecoder(DeviceFacts()),
        [pack(each) for each in movesense_notifications(METRES)],
    ),
    "npg-lite": (lambda: NpgLiteDecoder(DeviceFacts()), [*map(pack, npg_notifications(COUNTS))]),
    "npg-lite 6CH": (
        lambda: NpgLiteDecoder(DeviceFacts(channels=6)),
        [*map(pack, npg_notifications(RNG.integers(0, 4096, (300, 6))))],
    ),
    "myoware": (
        lambda: MyowareDecoder(DeviceFacts()),
        [pack(bytes([n % 251])) for n in range(300)],
    ),
}
every_wearable = pytest.mark.parametrize(("make", "sent"), WEARABLES.values(), ids=WEARABLES.keys())


def samples(runs: Sequence[Run]) -> np.ndarray:
    return np.concatenate([run.samples for run in runs])


def test_npg_lite_golden_notification() -> None:
    (run,) = NpgLiteDecoder(DeviceFacts()).feed(pack(NPG_GOLDEN))
    assert run.count == 250
    assert run.samples.tolist() == [[2048 + n, 0, 4095] for n in range(10)]
    assert run.layout.sampling_rate == 500


@pytest.mark.parametrize(("each", "hertz"), [(10, 500), (25, 250)])
def test_the_rate_of_npg_lite_follows_from_its_notification_size(each: int, hertz: float) -> None:
    """Ten samples at 500 Hz; 25 at 250 Hz by the firmware made with ESP-IDF."""
    decoder = NpgLiteDecoder(DeviceFacts())
    assert not decoder.layouts
    decoder.feed(pack(npg_notifications(COUNTS, each=each)[0]))
    assert decoder.layouts[0].sampling_rate == hertz
    said = NpgLiteDecoder(DeviceFacts(sampling_rate=200.0))
    said.feed(pack(npg_notifications(COUNTS, each=each)[0]))
    assert said.layouts[0].sampling_rate == 200


def test_lost_samples_of_npg_lite_are_found_by_its_counter() -> None:
    sent = [*map(pack, npg_notifications(COUNTS))]
    runs = NpgLiteDecoder(DeviceFacts()).feed(b"".join(sent[:10] + sent[13:]))
    assert [(run.count, len(run.samples)) for run in runs] == [(0, 100), (130, 270)]


def test_movesense_golden_notification() -> None:
    (run,) = MovesenseDecoder(DeviceFacts()).feed(pack(MOVESENSE_GOLDEN))
    assert run.clock_us == 123_456_000
    metres = run.samples * STANDARD_GRAVITY
    assert metres == pytest.approx(np.array([[0, 0, 9.81], [0.1, -0.2, 9.7]]), abs=1e-4)


def test_movesense_commands() -> None:
    assert movesense.start(DeviceFacts()) == (b"\x01\x63/Meas/Acc/208",)
    assert movesense.start(DeviceFacts(sampling_rate=416)) == (b"\x01\x63/Meas/Acc/416",)
    with pytest.raises(ValueError, match="104, 208, 416 Hz, got 100"):
        MovesenseDecoder(DeviceFacts(sampling_rate=100))


@pytest.mark.parametrize("at", [18, 19, 30, 40, 97])
def test_movesense_data_in_two_messages_are_joined(at: int) -> None:
    """With a small MTU, what is too long for a notification follows in one of kind 3."""
    decoder = MovesenseDecoder(DeviceFacts())
    first, second = movesense_notifications(METRES[:16])
    runs = [
        run
        for each in (first[:at], b"\x03\x63" + first[at:], second)
        for run in decoder.feed(pack(each))
    ]
    whole = MovesenseDecoder(DeviceFacts())
    assert np.array_equal(samples(runs), samples(whole.feed(pack(first) + pack(second))))
    assert decoder.reception.bad_frames == 0


def test_invalid_movesense_messages_are_skipped() -> None:
    decoder = MovesenseDecoder(DeviceFacts())
    assert decoder.feed(pack(b"\x01\x63\xc8\x00") + pack(b"\x02\x62" + bytes(16)) + pack(b"")) == []
    nothing = np.array([[np.nan, np.inf, -1e30]])
    (run,) = decoder.feed(pack(movesense_notifications(nothing)[0]))
    assert np.isnan(run.samples).all()
    # The rest of a sample that never came is damage, and costs no other.
    cut_short = movesense_notifications(METRES[:8])[0][:-5]
    decoder.feed(pack(cut_short))
    (run,) = decoder.feed(pack(MOVESENSE_GOLDEN))
    assert len(run.samples) == 2
    assert decoder.reception.bad_frames == 1


@pytest.mark.parametrize("sensors", [1, 4])
def test_the_first_message_of_myoware_gives_its_number_of_sensors(sensors: int) -> None:
    decoder = MyowareDecoder(DeviceFacts())
    other = pack(bytes(5 - sensors))
    sent = b"".join(pack(bytes(range(n, n + sensors))) for n in range(50))
    (run,) = decoder.feed(pack(b"") + sent + other)
    assert run.samples.tolist() == [[*range(n, n + sensors)] for n in range(50)]
    assert decoder.layouts[0].sampling_rate is None
    assert decoder.reception.skipped_bytes == len(pack(b"")) + len(other)


@pytest.mark.parametrize("channels", [0, 4])
def test_npg_lite_has_three_or_six_channels(channels: int) -> None:
    with pytest.raises(ValueError, match=f"3 or 6 channels, got {channels}"):
        NpgLiteDecoder(DeviceFacts(channels=channels))


@every_wearable
def test_all_that_was_sent_is_decoded(make: Make, sent: list[bytes]) -> None:
    decoder = make()
    runs = decoder.feed(b"".join(sent))
    assert len(samples(runs)) in (300, 400)
    assert decoder.reception.frame_bytes == sum(map(len, sent))
    assert decoder.layouts == (runs[0].layout,)


@every_wearable
@settings(max_examples=25, deadline=None)
@given(
    lost=st.sets(st.integers(0, 40), max_size=6),
    noise=st.binary(max_size=60),
    cuts=st.lists(st.integers(0, 20_000), max_size=30),
)
def test_block_sizes_do_not_change_the_result(
    make: Make, sent: list[bytes], lost: set[int], noise: bytes, cuts: list[int]
) -> None:
    data = b"".join(each for n, each in enumerate(sent) if n not in lost)
    data = data[: len(data) // 2] + noise + data[len(data) // 2 :]
    whole = told(make(), [data])
    assert told(make(), cut(data, cuts)) == whole
    assert told(make(), [data[n : n + 1] for n in range(len(data))]) == whole


@every_wearable
@settings(max_examples=25, deadline=None)
@given(data=st.lists(st.binary(max_size=300), max_size=10))
def test_any_bytes_are_decoded_and_all_are_accounted_for(
    make: Make, sent: list[bytes], data: list[bytes]
) -> None:
    decoder = make()
    pieces = [*data, *map(pack, data), *sent[:20], *data]
    for piece in pieces:
        for run in decoder.feed(piece):
            assert run.samples.shape[1] == len(run.layout.channels)
            assert len(run.samples)
    reception = decoder.reception
    waiting = sum(map(len, pieces)) - reception.frame_bytes - reception.skipped_bytes
    assert 0 <= waiting <= 600


@every_wearable
def test_samples_after_noise_are_decoded(make: Make, sent: list[bytes]) -> None:
    decoder = make()
    decoder.feed(np.random.default_rng(3).bytes(1 << 18) + b"\0")
    assert len(samples(decoder.feed(b"".join(sent)))) >= 290


@given(messages=st.lists(st.binary(max_size=512), max_size=6), cuts=st.lists(st.integers(0, 5000)))
def test_messages_are_restored_from_any_cutting(messages: list[bytes], cuts: list[int]) -> None:
    way = Messages()
    pieces = cut(b"".join(map(pack, messages)), cuts)
    assert [message for piece in pieces for message, _ in way.feed(piece)] == messages
    assert (way.bad, way.skipped_bytes) == (0, 0)


@pytest.mark.parametrize("name", ["npg-lite", "movesense"])
@settings(max_examples=25, deadline=None)
@given(
    lost=st.sets(st.integers(0, 49), max_size=8),
    twice=st.sets(st.integers(0, 49), max_size=50),
    reads=st.lists(st.integers(1, 7), min_size=1, max_size=9),
)
def test_a_repeated_message_is_used_once(
    name: str, lost: set[int], twice: set[int], reads: list[int]
) -> None:
    """Bleak's issue 2002: after a reconnection each notification may be handed on twice."""
    make, sent = WEARABLES[name]
    came = [
        each for n, each in enumerate(sent[:40]) if n not in lost for _ in range(1 + (n in twice))
    ]
    once = make().feed(b"".join(each for n, each in enumerate(sent[:40]) if n not in lost))
    decoder, repeats, runs = make(), DuplicateFilter(), list[Run]()
    at = 0
    for number in range(len(came)):
        n = reads[number % len(reads)]
        runs += repeats.without_repeated(decoder.feed(b"".join(came[at : at + n])))
        at += n
    got = samples(runs) if runs else np.empty((0, 3))
    wanted = samples(once) if once else np.empty((0, 3))
    # Frames without a mark are believed when five follow each other: the last may wait.
    assert np.array_equal(got, wanted[: len(got)])
    assert len(wanted) - len(got) <= 10


def test_a_flat_line_after_a_loss_is_not_a_repeat() -> None:
    flat = [*map(pack, npg_notifications(np.zeros((700, 3), np.int64)))]
    runs = DuplicateFilter().without_repeated(
        NpgLiteDecoder(DeviceFacts()).feed(b"".join(flat[:20] + flat[35:]))
    )
    assert [(run.count, len(run.samples)) for run in runs] == [(0, 200), (94, 350)]
