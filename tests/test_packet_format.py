"""firmware_notes/packet_format.md and the C encoder; clause numbers are those of the former."""

import re
import subprocess
from binascii import crc_hqx
from pathlib import Path

import pytest
from encoder import encode
from hypothesis import given, settings
from hypothesis import strategies as st
from myoframe_reference import CLAUSES, INT16, INT24, PACKED12, Data, Info, golden, unframed
from toolchain import COMPILERS, FIRMWARE, STRICT, compiler, run

GOLDEN = [pytest.param(said, wire, id=name) for name, said, wire in golden()]
RANGES = {INT16: (-(2**15), 2**15 - 1), PACKED12: (0, 2**12 - 1), INT24: (-(2**23), 2**23 - 1)}
MOST_VALUES = {INT16: 122, PACKED12: 162, INT24: 81}


words = st.integers(0, 2**16 - 1)
infos = st.builds(
    Info,
    gen=st.integers(0, 15),
    format=st.integers(0, 2),
    channels=st.integers(1, 16),
    rate_mhz=st.integers(1, 2**32 - 1),
    mantissa=st.integers(1, 2**32 - 1),
    exponent=st.integers(-128, 127),
    kind=st.integers(0, 2),
    sensor=st.integers(0, 7),
    running=st.integers(0, 1),
    offset=st.integers(-(2**15), 2**15 - 1),
    device=words,
)


@st.composite
def data(draw: st.DrawFn) -> Data:
    format_ = draw(st.sampled_from([INT16, PACKED12, INT24]))
    channels = draw(st.integers(1, 16))
    count = channels * draw(st.integers(1, max(1, MOST_VALUES[format_] // channels)))
    # Zeros are what COBS is about, so there are many.
    value = st.just(0) | st.integers(*RANGES[format_])
    samples = tuple(draw(st.lists(value, min_size=count, max_size=count)))
    clock = draw(st.integers(0, 2**32 - 1))
    gen, overrun = draw(st.integers(0, 15)), draw(st.integers(0, 1))
    return Data(gen, format_, channels, overrun, draw(words), clock, samples)


def test_the_crc_is_that_of_clause_2_1() -> None:
    assert crc_hqx(b"123456789", 0xFFFF) == 0x29B1


@pytest.mark.parametrize(("said", "wire"), GOLDEN)
def test_golden_frames_decode_to_their_description(said: Info | Data, wire: bytes) -> None:
    assert said.wire() == wire


@pytest.mark.parametrize(("said", "wire"), GOLDEN)
def test_the_encoder_makes_the_golden_frames(said: Info | Data, wire: bytes) -> None:
    assert encode(said) == wire


def test_the_frame_worked_out_step_by_step_is_a_golden_one() -> None:
    worked = [
        bytes.fromhex(line) for line in re.findall(r"^`([0-9a-f ]+)`$", CLAUSES.read_text(), re.M)
    ]
    raw, wire = worked
    assert unframed(wire[:-1]) == raw
    assert wire in [bytes_ for _, _, bytes_ in golden()]


@given(said=infos | data())
def test_the_encoder_says_what_the_clauses_say_whatever_the_values(said: Info | Data) -> None:
    wire = encode(said)
    assert wire == said.wire()
    assert wire.index(0) == len(wire) - 1, "1.3"
    assert crc_hqx(unframed(wire[:-1]), 0xFFFF) == 0, "2.2"


@pytest.mark.parametrize("format_", RANGES, ids=["16 bits", "12 bits", "24 bits"])
def test_a_frame_holds_as_many_values_as_clause_8_3_says_and_none_more(format_: int) -> None:
    most = MOST_VALUES[format_]
    assert encode(Data(0, format_, 1, 0, 0, 0, (1,) * most))
    assert encode(Data(0, format_, 1, 0, 0, 0, (1,) * (most + 1))) == b""


@settings(max_examples=40)
@given(said=data(), capacity=st.integers(0, 256))
def test_a_frame_without_room_is_not_sent(said: Data, capacity: int) -> None:
    whole = said.wire()
    assert encode(said, max(capacity, 4)) == (whole if len(whole) <= max(capacity, 4) else b"")


@pytest.mark.parametrize(
    ("payload", "values"), [(20, (4, 5, 2)), (244, (116, 154, 77)), (256, (122, 162, 81))]
)
def test_bluetooth_payloads_hold_what_clause_8_3_says(
    payload: int, values: tuple[int, ...]
) -> None:
    row = re.search(rf"^\| {payload} bytes.*\|$", CLAUSES.read_text(), re.M)
    assert row is not None
    assert tuple(int(n) for n in re.findall(r"(\d+) values", row[0])) == values
    for format_, most in zip(RANGES, values, strict=True):
        assert len(Data(0, format_, 1, 0, 0, 0, (1,) * most).wire()) <= payload
        assert len(Data(0, format_, 1, 0, 0, 0, (1,) * (most + 1)).wire()) > payload


@pytest.mark.parametrize("name", COMPILERS)
def test_the_encoder_compiles_without_a_warning_and_needs_no_library(
    name: str, tmp_path: Path
) -> None:
    built = tmp_path / "myoframe.o"
    run(*compiler(name), *STRICT, "-c", "-o", built, FIRMWARE / "encoder" / "myoframe.c")
    nm = name.removesuffix("gcc") + "nm"
    wanted = subprocess.run([nm, "-u", built], capture_output=True, text=True, check=True).stdout
    # What an AVR's or a small ARM's compiler brings itself (libgcc) is no library of ours to want.
    assert not re.search(r"\b[a-z]\w+", wanted.replace("U ", "")), wanted
