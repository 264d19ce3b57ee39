"""Our own format, clause by clause of firmware_notes/packet_format.md."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from wire_senders import counts_of, myoframe, myoframe_info, send_myoframe, some_counts

from myowatch.acquisition.wire import myoframe as our_format
from myowatch.acquisition.wire.decoding import DeviceFacts
from myowatch.acquisition.wire.myoframe import MyoframeDecoder
from myowatch.signal.model.samples import Modality, Unit

SHEET = Path(__file__).parent.parent / "firmware_notes" / "packet_format.md"
GOLDEN: list[dict[str, Any]] = [
    json.loads(line) for line in SHEET.read_text().splitlines() if line.startswith('{"frame"')
]
INFOS = [frame for frame in GOLDEN if frame["frame"] == "info"]
DATA = [frame for frame in GOLDEN if frame["frame"] == "data"]


def wire(frame: dict[str, Any]) -> bytes:
    return bytes.fromhex(frame["wire"])


def info(generation: int, coding: int = 0, channels: int = 1, **other: int) -> bytes:
    """An INFO of counts, their zero at 0."""
    said = {"rate": 1_000_000, "mantissa": 1, "exponent": 0, "kind": 0, "sensor": 0, **other}
    head = bytes([0x50 | generation, coding << 6 | channels - 1])
    sorts = said["kind"] << 4 | said["sensor"] << 1 | 1
    rest = (said["rate"], said["mantissa"], said["exponent"], sorts, 0, 0)
    return myoframe(head + struct.pack("<IIbBhH", *rest))


def data(payload: bytes, *, head: int = 0x41, shape: int = 0, index: int = 0) -> bytes:
    return myoframe(struct.pack("<BBHI", head, shape, index, 0) + payload)


@pytest.mark.parametrize("frame", INFOS, ids=lambda frame: frame["name"])
def test_6_golden_info(frame: dict[str, Any]) -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    assert decoder.feed(wire(frame)) == []
    (layout,) = decoder.layouts
    assert len(layout.channels) == frame["channels"]
    assert layout.sampling_rate == frame["rate_mhz"] / 1000
    assert layout.unit is [Unit.ADC, Unit.MICROVOLT, Unit.G][frame["kind"]]
    in_unit = 6 if frame["kind"] == 1 else 0
    assert layout.resolution == float(f"{frame['mantissa']}e{frame['exponent'] + in_unit}")


@pytest.mark.parametrize("frame", DATA, ids=lambda frame: frame["name"])
def test_4_golden_data(frame: dict[str, Any]) -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    decoder.feed(info(frame["gen"], frame["format"], frame["channels"]))
    (run,) = decoder.feed(wire(frame))
    assert run.samples.ravel().tolist() == frame["samples"]
    assert (run.count, run.clock_us) == (frame["index"], frame["clock"])
    assert decoder.reception.overruns == frame["overrun"]


def test_1_4_delimiters_in_a_row_mean_nothing() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    decoder.feed(b"\0\0\0" + wire(INFOS[0]) + b"\0\0" + wire(DATA[1]))
    assert (decoder.reception.frames, decoder.reception.bad_frames) == (2, 0)


def test_1_5_a_delimiter_before_the_first_frame_saves_it_from_noise() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    decoder.feed(b"noise\0" + wire(INFOS[0]))
    assert len(decoder.layouts) == 1
    other = MyoframeDecoder(DeviceFacts())
    other.feed(b"noise" + wire(INFOS[0]))
    assert (other.layouts, other.reception.bad_frames) == ((), 1)


def test_3_3_frames_of_a_later_time_are_passed_over_without_being_damage() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    decoder.feed(info(1))
    later = [
        data(b"\0\0", head=0x81),
        data(b"\0\0", head=0x61),
        data(b"\0\0", head=0x71),
        data(b"\0\0", shape=0x10),
        data(b"\0\0", shape=0xC0),
    ]
    assert decoder.feed(b"".join(later)) == []
    assert (decoder.reception.frames, decoder.reception.bad_frames) == (1, 0)


def test_3_4_a_frame_is_read_by_the_latest_info_of_its_generation() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    one = struct.pack("<h", 5)
    first = decoder.feed(info(1) + data(one) + info(1, mantissa=3) + data(one) + info(2))
    assert [run.samples[0, 0] for run in first] == [5, 15]


def test_3_5_sensors_have_a_generation_each_and_come_in_any_order() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    decoder.feed(info(2, channels=3, kind=2) + info(1))
    axes = struct.pack("<3h", 1, 2, 3)
    runs = decoder.feed(data(b"\7\0") + data(axes, head=0x42, shape=2) + data(b"\x08\0", index=1))
    assert [run.layout.modality for run in runs] == [
        Modality.EMG,
        Modality.ACCELEROMETER,
        Modality.EMG,
    ]
    assert [layout.name for layout in decoder.layouts] == ["EMG", "ACC"]
    decoder.feed(info(3, sensor=1))
    assert len({layout.name for layout in decoder.layouts}) == 3


def test_4_5_and_6_frames_that_are_not_as_info_says_are_malformed() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    decoder.feed(info(1, channels=2))
    for frame in (
        data(b"", shape=1),
        data(b"\0\0", shape=1),
        data(b"\0\0\0", shape=1),
        data(bytes(4)),
        data(bytes(4), shape=0x41),
        myoframe(b"\x41\1"),
    ):
        assert decoder.feed(frame) == []
    assert decoder.reception.bad_frames == 6


def test_4_4_packed_values_of_any_number() -> None:
    values = [(n * 911) % 4096 for n in range(162)]
    decoder = MyoframeDecoder(DeviceFacts())
    decoder.feed(info(4, 1))
    for n in range(1, 163):
        packed = sum(value << 12 * i for i, value in enumerate(values[:n]))
        payload = packed.to_bytes(-(-n * 12 // 8), "little")
        (run,) = decoder.feed(data(payload, head=0x44, shape=0x40))
        assert run.samples[:, 0].tolist() == values[:n]


def test_5_2_runs_are_cut_where_the_index_jumps_and_not_where_it_wraps() -> None:
    counts = some_counts(50, 4)
    frames = send_myoframe(counts).frames
    decoder = MyoframeDecoder(DeviceFacts())
    runs = decoder.feed(myoframe_info(4) + b"".join([frames[0], frames[1], frames[3], frames[4]]))
    assert [(run.count, len(run.samples)) for run in runs] == [(0, 20), (30, 20)]
    wraps = [data(bytes(4), index=65534), data(bytes(4), index=0)]
    (run,) = MyoframeDecoder(DeviceFacts()).feed(info(1) + b"".join(wraps))
    assert (run.count, len(run.samples)) == (65534, 4)


def test_6_1_values_are_taken_from_zero_and_are_whole_counts() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    (run,) = decoder.feed(wire(INFOS[0]) + wire(DATA[1]))
    assert run.layout.resolution == 4.8828125
    assert run.samples[0].tolist() == [0.0, -512 * 4.8828125, 511 * 4.8828125, -256 * 4.8828125]
    assert counts_of([run])[0].tolist() == [0, -512, 511, -256]


def test_6_2_an_unknown_kind_is_passed_over() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    assert decoder.feed(info(1, kind=9) + data(b"\0\0")) == []
    assert (decoder.layouts, decoder.reception.bad_frames) == ((), 0)


def test_6_3_an_info_that_comes_again_changes_nothing() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    first = decoder.feed(wire(INFOS[0]) + wire(DATA[1]))
    again = decoder.feed(wire(INFOS[0]) + wire(DATA[1]))
    assert first[0].layout is again[0].layout
    assert decoder.reception.frames == 4


def test_6_4_without_info_data_cannot_be_used() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    assert decoder.feed(wire(DATA[1])) == []
    assert decoder.reception.skipped_bytes == len(wire(DATA[1]))
    assert len(decoder.feed(wire(INFOS[0]) + wire(DATA[1]))) == 1


def test_6_6_bytes_appended_to_info_are_ignored_and_nonsense_is_malformed() -> None:
    raw = bytes([0x51, 0]) + struct.pack("<IIbBhH", 1_000_000, 1, 0, 1, 0, 7)
    decoder = MyoframeDecoder(DeviceFacts())
    decoder.feed(myoframe(raw + b"later"))
    assert len(decoder.layouts) == 1
    no_rate, no_scale = info(2, rate=0), info(2, mantissa=0)
    decoder.feed(no_rate + no_scale + myoframe(raw[:-1]))
    assert (len(decoder.layouts), decoder.reception.bad_frames) == (1, 3)


def test_7_2_a_board_is_known_by_the_info_it_answers_with() -> None:
    asked = b"\0garbage\0" + wire(DATA[0]) + wire(INFOS[0])
    assert our_format.answer(asked) == DeviceFacts(board="myoframe e328")
    assert our_format.answer(asked[:-1]) is None


def test_9_1_what_is_longer_than_a_frame_is_dropped_to_the_next_delimiter() -> None:
    decoder = MyoframeDecoder(DeviceFacts())
    decoder.feed(b"\1" * 300)
    decoder.feed(wire(INFOS[0])[:-1])
    assert decoder.feed(b"\0") == []
    assert (decoder.layouts, decoder.reception.bad_frames) == ((), 1)
    decoder.feed(wire(INFOS[0]))
    assert len(decoder.layouts) == 1


def test_the_longest_frame_is_read() -> None:
    values = np.arange(1, 123) * 257
    decoder = MyoframeDecoder(DeviceFacts())
    frame = data(values.astype("<i2").tobytes())
    assert len(frame) == 256
    (run,) = decoder.feed(info(1) + frame)
    assert run.samples[:, 0].tolist() == values.tolist()
