"""Lines of text as sketches print them: what columns there are, and what their numbers mean."""

from collections.abc import Sequence

import numpy as np
import pytest

from myowatch.acquisition.wire.decoding import DeviceFacts, Layout, Run
from myowatch.acquisition.wire.text import TextDecoder
from myowatch.signal.model.samples import COLUMN_UNITS, STANDARD_GRAVITY, Modality, Samples, Unit

BOOT = b"ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13\r\nSetup done\r\n"


def decoded(data: bytes | str, facts: DeviceFacts = DeviceFacts()) -> tuple[TextDecoder, list[Run]]:  # noqa: B008
    decoder = TextDecoder(facts)
    return decoder, decoder.feed(data if isinstance(data, bytes) else data.encode())


def lines(pattern: str, n: int = 40) -> str:
    """So many lines; in them `{i}` counts from 0, `{day}` to 7, `{us}` by thousands."""
    return "".join(pattern.format(i=i, day=i % 7, us=i * 1000) + "\r\n" for i in range(n))


def one(runs: list[Run]) -> tuple[Layout, Samples]:
    """The only sensor there is, and all its samples."""
    (name,) = {run.layout.name for run in runs}
    return runs[0].layout, np.concatenate([run.samples for run in runs if run.layout.name == name])


@pytest.mark.parametrize(
    "pattern",
    [
        "{i},{day}",
        "{i}, {day}",
        "{i}\t{day}",
        "{i} {day}",
        "{i};{day}",
        "   {i}   {day} ",
        "a:{i},b:{day}",
        "a:{i}\tb:{day}",
        "a: {i} b: {day}",
        "a={i} b={day}",
        "{i}.00,{day}.0",
        "+{i}e0,{day}",
        '{{"a": {i}, "b": {day}}}',
        '{{"a":{i},"b":{day},"name":"board"}}',
        "[{i}, {day}]",
        "{i},{day},",
    ],
)
def test_numbers_are_read_however_they_are_printed(pattern: str) -> None:
    decoder, runs = decoded(lines(pattern))
    layout, samples = one(runs)
    assert samples.tolist() == [[i, i % 7] for i in range(1, 40)]
    assert (layout.modality, layout.unit) == (Modality.EMG, Unit.ADC)
    assert (decoder.reception.frames, decoder.reception.bad_frames) == (39, 0)


def test_the_first_line_is_skipped_because_it_may_be_incomplete() -> None:
    _, runs = decoded("23\n" + lines("1023"))
    assert one(runs)[1].tolist() == [[1023.0]] * 40


def test_start_up_messages_are_skipped_and_not_damage() -> None:
    decoder, runs = decoded(BOOT + lines("{i}").encode())
    assert one(runs)[1][:, 0].tolist() == list(range(40))
    assert decoder.reception.skipped_bytes == len(BOOT)
    assert decoder.reception.bad_frames == 0


def test_a_restart_loses_only_its_own_lines() -> None:
    decoder, runs = decoded(BOOT + lines("{i}").encode() + BOOT + lines("{i}").encode())
    assert one(runs)[1][:, 0].tolist() == [*range(40), *range(40)]
    assert decoder.reception.bad_frames == 3


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (lines("left:{i},right:2"), ("left", "right")),
        ("left,right\n" + lines("{i},2"), ("left", "right")),
        ("emg1 emg2\n" + lines("{i} 2"), ("emg1", "emg2")),
        ("Setup done\n" + lines("{i} 2"), ("EMG1", "EMG2")),
        ("1,2\n" + lines("{i},2"), ("EMG1", "EMG2")),
        (lines("1:{i},2:2").replace("1:", "").replace("2:", ""), ("EMG1", "EMG2")),
        ("Ready\n" + lines("{i}"), ("EMG",)),
        ("emg\n" + lines("{i}"), ("emg",)),
        (
            lines("a much longer label:{i}").replace("a much longer ", "muchlonger_"),
            ("muchlonger_l",),
        ),
        (lines('{{"M\u00fcsculo \u03bc": {i}}}'), ("Msculo",)),
    ],
)
def test_channels_are_named_by_labels_and_header_lines(data: str, names: tuple[str, ...]) -> None:
    _, runs = decoded(data)
    assert one(runs)[0].channels == names


@pytest.mark.parametrize(
    ("number", "unit", "resolution"),
    [
        ("5", None, 1.0),
        ("5.25", None, 0.01),
        ("0.001234", None, 1e-6),
        ("2.512345", None, 1e-5),
        ("8388607", None, 1.0),
        ("8388608", None, 10.0),
        ("1.5e-3", None, 1e-4),
        ("1e300", None, 1e9),
        ("0.50", "mV", 10.0),
        ("0.5000", "V", 100.0),
        ("250", "uV", 1.0),
    ],
)
def test_the_grid_is_that_of_the_decimals_and_fits_24_bits(
    number: str, unit: str | None, resolution: float
) -> None:
    _, runs = decoded(lines(number), DeviceFacts(unit=COLUMN_UNITS[unit] if unit else None))
    layout, samples = one(runs)
    assert layout.resolution == pytest.approx(resolution, rel=1e-12)
    counts = samples / layout.resolution
    assert np.array_equal(np.rint(counts) * layout.resolution, samples)


def test_other_text_is_nan() -> None:
    decoder, runs = decoded(lines("{i},1") + "nan,1\n7,inf\n-NAN,ovf\n1e999,2\n")
    assert str(one(runs)[1][-4:].tolist()) == str(
        [[np.nan, 1.0], [7.0, np.nan], [np.nan, np.nan], [np.nan, 2.0]]
    )
    assert decoder.reception.bad_frames == 0


def test_a_column_that_starts_with_nan_is_a_channel() -> None:
    _, runs = decoded(lines("{i},nan"))
    assert np.isnan(one(runs)[1][:, 1]).all()
    _, runs = decoded(lines('{{"a": {i}, "b": null}}'))
    assert np.isnan(one(runs)[1][:, 1]).all()


def test_a_value_that_cannot_be_read_is_nan_and_its_line_is_damage() -> None:
    decoder, runs = decoded(lines("a:{i} b:1").encode() + b"a:7 b:\xff\n\xf0:7 b:8\na:7\n")
    assert str(one(runs)[1][-2:].tolist()) == str([[7.0, np.nan], [np.nan, 8.0]])
    assert decoder.reception.bad_frames == 3


@pytest.mark.parametrize("number", ["007", "+7", "7.", "0.7e1"])
def test_a_number_is_read_alike_alone_and_among_others(number: str) -> None:
    """The fuzzer found that JSON lines with a 007 were read only where all others were usual."""
    odd = f'{{"a": {number}, "b": 1}}\r\n'
    usual = lines('{{"a": {i}, "b": 1}}')
    _, among = decoded(usual + odd)
    _, alone = decoded(usual + "boot\n" + odd)
    assert one(among)[1][-1].tolist() == one(alone)[1][-1].tolist() == [7.0, 1.0]


def test_a_json_line_that_holds_more_than_numbers_is_read_for_its_numbers() -> None:
    _, runs = decoded(lines('{{"id": " 5 \\" ", "on": true, "emg": {i}}}'))
    assert one(runs)[0].channels == ("emg",)
    assert one(runs)[1][-1].tolist() == [39.0]
    for line in ('{{"emg": {{"left": {i}}}}}', '{{"emg": {i}', "{{{i}: 5}}", '{{"a": 1 "b": 2}}'):
        assert decoded(lines(line))[1] == []


def test_a_comma_is_never_a_decimal_comma() -> None:
    _, runs = decoded(lines("{i},25"))
    assert len(one(runs)[0].channels) == 2


@pytest.mark.parametrize(
    ("labels", "gravity", "unit", "in_g"),
    [
        ("xyz", "1.002", Unit.G, 1.002),
        (("ax", "ay", "az"), "9.81", Unit.G, 9.81 / STANDARD_GRAVITY),
        (("accX", "accY", "accZ"), "16384", Unit.ADC, 16384),
        (("x_acc", "y_acc", "z_acc"), "-0.98", Unit.G, -0.98),
        (("accel.x", "accel.y", "accel.z"), "512.5", Unit.ADC, 512.5),
    ],
)
def test_columns_x_y_z_are_an_accelerometer(
    labels: Sequence[str], gravity: str, unit: Unit, in_g: float
) -> None:
    x, y, z = labels
    _, runs = decoded(lines(f"{x}:0,{y}:0,{z}:{gravity}"))
    layout, samples = one(runs)
    assert (layout.modality, layout.unit) == (Modality.ACCELEROMETER, unit)
    assert layout.channels == ("x", "y", "z")
    assert samples[0, 2] == pytest.approx(in_g, abs=layout.resolution)


def test_an_accelerometer_beside_emg_is_a_sensor_of_its_own_and_its_gyroscope_is_left_out() -> None:
    _, runs = decoded(lines("emg:{i} ax:0.1 ay:0.2 az:1.0 gx:5 gy:6 gz:7 temp:21.5"))
    assert [run.layout.name for run in runs] == ["EMG", "ACC"]
    assert [run.samples.shape for run in runs] == [(39, 1), (39, 3)]


def test_the_scale_of_a_plotter_is_not_a_signal() -> None:
    _, runs = decoded(lines("Min:0,Max:1023,emg:{i}"))
    assert one(runs)[0].channels == ("emg",)


def test_options_name_the_columns() -> None:
    _, runs = decoded(lines("0.1,0.2,1.0"), DeviceFacts(modality=Modality.ACCELEROMETER))
    assert one(runs)[0].unit is Unit.G
    _, runs = decoded(lines("0.1,0.2,9.8"), DeviceFacts(unit=COLUMN_UNITS["m/s2"]))
    assert one(runs)[0].modality is Modality.ACCELEROMETER
    _, runs = decoded(lines("x:1,y:2,z:3"), DeviceFacts(modality=Modality.EMG, channels=2))
    assert one(runs)[0].channels == ("x", "y")
    _, runs = decoded(lines("{i}"), DeviceFacts(sampling_rate=250.0))
    assert one(runs)[0].sampling_rate == 250.0


@pytest.mark.parametrize(
    ("pattern", "clock", "period"),
    [
        ("micros:{us},emg:5", None, 2**32),
        ("t_us:{us},emg:5", None, 2**32),
        ("emg:5 ms:{i}", None, 2**32 * 1000),
        ("{us},5", "1", 2**32),
        ("5,{us}", "2", 2**32),
        ("when:{us},emg:5", "when", 2**32),
    ],
)
def test_a_column_is_the_device_s_clock(pattern: str, clock: str | None, period: int) -> None:
    _, runs = decoded(lines(pattern), DeviceFacts(clock=clock))
    layout, samples = one(runs)
    assert samples.tolist() == [[5.0]] * 39
    assert (layout.clock_period_us, runs[0].clock_us) == (period, 1000)


@pytest.mark.parametrize("column", ["{day}", "{i}.5", "5", "-{i}"])
def test_a_column_that_does_not_rise_is_not_a_clock(column: str) -> None:
    _, runs = decoded(lines(f"micros:{column},emg:5"))
    assert one(runs)[0].clock_period_us is None


def test_the_device_clock_shows_lost_lines_and_may_wrap() -> None:
    stamps = [(n * 1000 + 2**32 - 30_000) % 2**32 for n in range(60) if n not in (40, 50, 51)]
    data = "micros,emg\n" + "".join(f"{stamp},5\n" for stamp in stamps)
    _, runs = decoded(data)
    assert [len(run.samples) for run in runs] == [40, 9, 8]
    assert [run.clock_us for run in runs] == [2**32 - 30_000, 11_000, 22_000]


def test_a_clock_printed_as_a_signed_number_goes_on() -> None:
    stamps = [(n * 1000 + 2**31 - 30_000) for n in range(60)]
    signed = [stamp - 2**32 if stamp >= 2**31 else stamp for stamp in stamps]
    _, runs = decoded("micros,emg\n" + "".join(f"{stamp},5\n" for stamp in signed))
    assert [len(run.samples) for run in runs] == [60]


def test_lines_of_different_form_are_not_samples() -> None:
    decoder, runs = decoded("".join(f"{'1,' * (n % 5)}1\n" for n in range(500)))
    assert runs == []
    assert decoder.layouts == ()


def test_a_board_that_prints_only_words_has_no_format() -> None:
    decoder, runs = decoded(b"Hello, world! 1 2 3\r\n" * 500)
    assert (runs, decoder.layouts, decoder.reception.frames) == ([], (), 0)


def test_a_line_of_more_columns_than_any_board_has_is_no_line_of_samples() -> None:
    _, runs = decoded((",".join("5" * 64) + "\n") * 20)
    assert runs[0].samples.shape[1] == 64
    _, runs = decoded((" ".join(f"c{n}:5" for n in range(100)) + "\n") * 20)
    assert runs == []


ODD_LINES = ["5a:1 b:", "a:1 b:2 3", "a:12", "a:1 b:2_0", "a:1 b:2 c:", "b:1 a:2", "a:1 b:2-"]


@pytest.mark.parametrize("line", ODD_LINES)
def test_a_line_of_another_form_is_not_read(line: str) -> None:
    _, runs = decoded(lines("a:{i} b:1") + f"{line}\r\n" + lines("a:{i} b:1"))
    got = one(runs)[1]
    assert sum(row[1] == 1.0 and row[0] >= 0 for row in got.tolist()) == 79
    assert len(got) == 79 or np.isnan(got).any()


def test_a_reconnected_device_keeps_its_format() -> None:
    """Its header came only at its start, and its first numbers may be others."""
    first, _ = decoded("micros,ax,ay,az,emg\n" + lines("{us},0.11,0.22,0.98,1.5"))
    assert [layout.name for layout in first.layouts] == ["EMG", "ACC"]
    again, runs = decoded(lines("{us},3.112,0.22,7.7,900000.25"), first.facts)
    assert again.layouts == first.layouts
    assert runs[0].samples[0, 0] == pytest.approx(900000.2, abs=0.11)
    assert runs[0].clock_us == 1000
    other, _ = decoded(lines("a:{i} b:2"), first.facts)
    assert other.layouts[0].channels == ("a", "b")
