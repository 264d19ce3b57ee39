"""Files of other software, written by its own library or taken from real devices."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import edfio
import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_recordings import real_recording

from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.formats.csv_numbers import parse_rows
from myowatch.recordings.formats.csv_writer import CsvWriter
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit


def read_all(path: Path) -> tuple[tuple[Stream, ...], dict[str, Samples], tuple[str, ...]]:
    """Return streams, samples with NaN in gaps, and warnings."""
    with open_recording(path) as recording:
        blocks = list(recording.blocks())
        samples = {}
        for stream in recording.streams:
            own = [block for block in blocks if block.stream == stream]
            n_samples = max((block.end_sample for block in own), default=0)
            samples[stream.name] = np.full((n_samples, len(stream.channels)), np.nan)
            for block in own:
                samples[stream.name][block.first_sample : block.end_sample] = block.samples
        return recording.streams, samples, recording.warnings


def csv_file(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def rows(times: list[float], cells: str = "{i}") -> str:
    return "".join(f"{t:.6f},{cells.format(i=i)}\n" for i, t in enumerate(times))


MILLISECONDS = [i / 1000 for i in range(10)]


def test_csv_with_all_features(tmp_path: Path) -> None:
    text = (
        "# started: 2026-11-23T22:04:11+01:00\r\n# site: left-thigh\r\n"
        "time_s, EMG [mV],Arm.x [mg],Arm.y [mg],Arm.z [mg],Raw [adc]\r\n"
        "0.000,0.1,1000,0,-1000,7\r\n"
        "# a comment amid the rows\r\n"
        "\r\n"
        "0.001,,0,0,0,\r\n"
        "0.002,-0.1,500,,nan,9\r\n"
        "0.005,1e-1,0,0,1,-3\r\n"
    )
    streams, samples, warnings = read_all(csv_file(tmp_path, b"\xef\xbb\xbf" + text.encode()))
    assert warnings == ()
    assert [(s.name, s.modality, s.unit) for s in streams] == [
        ("EMG", Modality.EMG, Unit.MICROVOLT),
        ("Arm", Modality.ACCELEROMETER, Unit.G),
        ("Raw", Modality.EMG, Unit.ADC),
    ]
    assert {(s.sampling_rate, s.site) for s in streams} == {(1000.0, "left-thigh")}
    nan = np.nan
    np.testing.assert_allclose(samples["EMG"].ravel(), [100, nan, -100, nan, nan, 100])
    np.testing.assert_allclose(samples["Raw"].ravel(), [7, nan, 9, nan, nan, -3])
    np.testing.assert_allclose(samples["Arm"][2], [0.5, nan, nan])
    with open_recording(tmp_path / "a.csv") as recording:
        assert recording.started is not None
        assert recording.started.isoformat() == "2026-11-23T22:04:11+01:00"


@pytest.mark.parametrize(
    ("times", "rate"),
    [
        ([i / 1000 for i in range(2000)], 1000.0),
        ([i / 250 for i in range(500)], 250.0),
        ([round(i / 256, 3) for i in range(5000)], 256.0),
        ([round(i / 2000, 3) for i in range(20000)], 2000.0),
        ([1.7e9 + i / 500 for i in range(1000)], 500.0),
        ([i / 1259.2592 for i in range(5000)], 1259.2592),
        ([i / 1000 for i in range(3000) if i % 100 > 2], 1000.0),
    ],
    ids=["1 kHz", "250", "256 in ms", "2 kHz in ms", "epoch", "odd", "gaps"],
)
def test_the_time_column_gives_the_rate(tmp_path: Path, times: list[float], rate: float) -> None:
    text = "time_s,EMG [uV]\n" + "".join(
        f"{t:.9g},1\n" if t < 1e9 else f"{t:.3f},1\n" for t in times
    )
    (stream,), samples, _ = read_all(csv_file(tmp_path, text))
    assert stream.sampling_rate == pytest.approx(rate, rel=1e-5)
    assert abs(len(samples["EMG"]) - round((times[-1] - times[0]) * rate) - 1) <= 1
    assert np.isfinite(samples["EMG"]).sum() == len(times)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\n\n", "no header"),
        ("# only: this\n", "no header"),
        ("time_s\n0\n", "has no channel"),
        ("t,EMG [uV]\n0,1\n", "no column time_s"),
        ("time_s,EMG [uV]\n", "has no samples"),
        ("time_s,EMG [uV]\n0,1\n", "only one sample"),
        ("time_s,EMG [kg]\n0,1\n0.001,2\n", "has the unit 'kg'"),
        ("time_s,EMG\n0,1\n0.001,2\n", "has no unit"),
        ("time_s,EMG [uV],EMG [mV]\n0,1,2\n", "several columns named 'EMG'"),
        ("time_s,A.x [g],A.y [g]\n0,1,2\n0.001,1,2\n", "needs three columns"),
        ("time_s,EMG [uV]\n" + rows(MILLISECONDS) + "0.005,1\n", "does not rise at line 12"),
        ("time_s,EMG [uV]\n" + rows(MILLISECONDS) + "0.009,1\n", "does not rise at line 12"),
        ("time_s,EMG [uV]\n" + rows(MILLISECONDS) + "0.01,ten\n0.011,1\n", "line 12 has 'ten'"),
        ("time_s,EMG [uV]\n" + rows(MILLISECONDS) + "0.01,true\n0.011,1\n", "line 12 has 'true'"),
        ("time_s,EMG [uV]\n#\n" + rows(MILLISECONDS) + "0.01\n0.02,3\n", "line 13 has 1 cells"),
        ("time_s,EMG [uV]\n" + rows(MILLISECONDS) + "0.01,1,2\n0.02,3\n", "line 12 has 3 cells"),
        ("time_s,EMG [uV]\n" + rows(MILLISECONDS) + ",1\n", "line 12 has no time"),
        ("time_s,EMG [uV]\n" + rows(MILLISECONDS) + "1e300,1\n", "jumps by 1e"),
        ("time_s,EMG [uV]\n" + rows(MILLISECONDS, ""), "only empty cells"),
        ("# sampling_rate_hz: many\ntime_s,EMG [uV]\n" + rows(MILLISECONDS), "not 'many'"),
        ("# sampling_rate_hz: 500\ntime_s,EMG [uV]\n" + rows(MILLISECONDS), "says 500 Hz"),
        ("# resolution: 0\ntime_s,EMG [uV]\n" + rows(MILLISECONDS), "above 0, not '0'"),
        ("time_s,EMG [uV]\n0,1\n0.1,2\n0.2,3\n", "sampled at 10 Hz"),
        ("time_s;EMG [uV]\n0;1\n", "no column time_s"),
        ("\x89PNG\r\n\x1a\n\0\0\0", "not a recording that Myowatch can read"),
    ],
)
def test_invalid_csv_raises_an_error_of_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableRecording) as caught:
        read_all(csv_file(tmp_path, text.encode("latin-1")))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@given(
    st.lists(
        st.lists(
            st.floats(allow_infinity=False).map(repr)
            | st.sampled_from(["", " ", "+1.5", ".5", "1.", " 2 ", '"3"', "-inf", "00012", "1E+5"]),
            min_size=3,
            max_size=3,
        ),
        max_size=20,
    ),
    st.sampled_from(["\n", "\r\n", "\n\n", "\n# comment\n"]),
)
def test_cells_are_the_numbers_that_python_reads(cells: list[list[str]], end: str) -> None:
    text = "".join(",".join(row) + end for row in cells).encode()
    found = parse_rows(text, 3, 1, Path("a.csv"))
    expected = [[float(cell.strip(' "') or "nan") for cell in row] for row in cells]
    np.testing.assert_array_equal(found, np.array(expected).reshape(-1, 3))


def test_fifty_hertz_suffice_for_an_accelerometer_but_not_for_emg(tmp_path: Path) -> None:
    header = "time_s,EMG [uV],A.x [g],A.y [g],A.z [g]\n"
    text = header + rows([i / 50 for i in range(100)], "{i},0,0,1")
    streams, _, warnings = read_all(csv_file(tmp_path, text))
    assert [(s.name, s.modality) for s in streams] == [("A", Modality.ACCELEROMETER)]
    assert warnings == ("EMG: 50 Hz is left out, detection in EMG needs 100 to 10000 Hz",)


@pytest.mark.parametrize("last", ["0.01", "0.010,", "0.010,-", "0.010,1.5e"])
def test_a_growing_csv_is_read_up_to_the_incomplete_line(tmp_path: Path, last: str) -> None:
    _, samples, warnings = read_all(
        csv_file(tmp_path, "time_s,EMG [uV]\n" + rows(MILLISECONDS) + last)
    )
    assert len(samples["EMG"]) == 10
    assert last == "0.010," or "still being written" in warnings[0]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Stream], dict[str, Samples]]:
    rate = draw(st.sampled_from([100.0, 104.0, 1000.0, 999.87, 10_000.0]))
    n = draw(st.integers(3, 3000))
    names = draw(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
            .filter(lambda name: not set("[]'\"").intersection(name))
            .filter(lambda name: not name.startswith("#")),
            min_size=1,
            max_size=3,
            unique=True,
        )
    )
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    streams, samples = [], {}
    for name in names:
        resolution = draw(st.sampled_from([0.025, 3000 / 65536, 0.1, 1 / 3]))
        stream = Stream(name, Modality.EMG, Unit.MICROVOLT, rate, (name,), resolution)
        values = rng.integers(-100_000, 100_000, (n, 1)) * np.float64(resolution)
        start = draw(st.integers(1, n - 1))
        values[start : start + draw(st.integers(0, n - start - 1))] = np.nan
        streams.append(stream)
        samples[name] = values
    return streams, samples


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(table=tables())
def test_written_csv_is_read_back_exactly(
    tmp_path: Path, table: tuple[list[Stream], dict[str, Samples]]
) -> None:
    streams, samples = table
    path = tmp_path / "a.csv"
    path.unlink(missing_ok=True)
    with CsvWriter(path, streams) as writer:
        for first in range(0, len(samples[streams[0].name]), 700):
            for stream in streams:
                part = samples[stream.name][first : first + 700]
                writer.write(SampleBlock(stream, first, part))
    read_streams, read, _ = read_all(path)
    assert read_streams == tuple(streams)
    for name, expected in samples.items():
        np.testing.assert_array_equal(read[name], expected[: len(read[name])])
        assert np.isnan(expected[len(read[name]) :]).all()


def test_names_like_formulas_are_escaped_and_read_back(tmp_path: Path) -> None:
    stream = Stream("=1+1", Modality.EMG, Unit.MICROVOLT, 1000.0, ("=1+1",), 1.0)
    with CsvWriter(tmp_path / "a.csv", [stream]) as writer:
        writer.write(SampleBlock(stream, 0, np.zeros((5, 1))))
    assert "time_s,'=1+1 [uV]" in (tmp_path / "a.csv").read_text()
    assert read_all(tmp_path / "a.csv")[0] == (stream,)


def edf_signal(label: str, unit: str, rate: float = 500.0, seconds: int = 20) -> edfio.EdfSignal:
    rng = np.random.default_rng(len(label))
    data = rng.uniform(-1, 1, int(rate * seconds))
    return edfio.EdfSignal(
        data, rate, label=label, physical_dimension=unit, physical_range=(-1.5, 1.5)
    )


def test_edf_signals_become_streams_by_their_units(tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    signals = [
        edf_signal("EMG TibAnt", "mV"),
        edf_signal("EMG raw", ""),
        edf_signal("Thigh X", "mg", 100),
        edf_signal("Thigh Y", "mg", 100),
        edf_signal("Thigh Z", "mg", 100),
        edf_signal("SaO2", "%", 1),
        edf_signal("EEG Fpz", "uV"),
        edf_signal("Slow EMG", "uV", 50),
    ]
    edfio.Edf(
        signals,
        recording=edfio.Recording(startdate=date(2026, 11, 23)),
        starttime=time(22, 4, 11),
        annotations=[edfio.EdfAnnotation(1.5, None, "Lights off"), edfio.EdfAnnotation(3, 1, "x")],
    ).write(path)
    streams, samples, warnings = read_all(path)
    assert [(s.name, s.unit.value, s.sampling_rate) for s in streams] == [
        ("EMG TibAnt", "uV", 500.0),
        ("EMG raw", "adc", 500.0),
        ("Thigh", "g", 100.0),
    ]
    half_step = 1500 / 65535
    np.testing.assert_allclose(
        samples["EMG TibAnt"][:, 0], signals[0].data * 1000, atol=half_step * 1.01
    )
    np.testing.assert_allclose(samples["Thigh"][:, 2], signals[4].data / 1000, atol=2e-8 * 1000)
    assert [w.split(" ")[0] for w in warnings] == ["SaO2", "EEG", "Slow"]
    with open_recording(path) as recording:
        assert recording.markers() == [Marker(1.5, "Lights off"), Marker(3, "x")]
        assert recording.started is not None
        assert recording.started.hour == 22


def test_bdf_of_others_is_read_with_24_bits(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    counts = np.random.default_rng(0).integers(-8_000_000, 8_000_000, 4096).astype(np.int32)
    signal = edfio.BdfSignal.from_digital(
        counts, 2048, label="EMG1", physical_dimension="uV", physical_range=(-262144, 262143)
    )
    edfio.Bdf([signal]).write(path)
    _, samples, _ = read_all(path)
    np.testing.assert_allclose(samples["EMG1"][:, 0], signal.data, atol=0.016)


def test_discontinuous_edf_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    edfio.Edf([edf_signal("EMG", "uV")], annotations=[]).write(path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"EDF+C", b"EDF+D", 1))
    with pytest.raises(UnreadableRecording, match=r"discontinuous .*EDFbrowser"):
        read_all(path)


def test_a_truncated_edf_is_read_up_to_its_last_complete_record(tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    edfio.Edf([edf_signal("EMG", "uV")], data_record_duration=1).write(path)
    path.write_bytes(path.read_bytes()[:-300])
    _, samples, warnings = read_all(path)
    assert len(samples["EMG"]) == 19 * 500
    assert warnings == ("cut short: 19 of 20 data records are left",)


def test_opensignals_emg_is_in_microvolts(tmp_path: Path) -> None:
    (stream,), samples, _ = read_all(real_recording("emg_1000_hz_16_bits_solo.h5"))
    assert (stream.name, stream.unit, stream.sampling_rate) == ("EMG", Unit.MICROVOLT, 1000.0)
    assert len(samples["EMG"]) == 87_600
    with h5py.File(real_recording("emg_1000_hz_16_bits_solo.h5")) as file:
        adc = file["00:07:80:D8:A8:82/raw/channel_1"][:]
    np.testing.assert_allclose(samples["EMG"], (adc / 2**16 - 0.5) * 3 * 1000, atol=1e-9)


def test_opensignals_accelerometer_shows_one_g_in_both_formats() -> None:
    streams, from_h5, warnings = read_all(real_recording("sync_acc_1.h5"))
    text_streams, from_txt, _ = read_all(real_recording("sync_acc_1.txt"))
    assert streams == text_streams
    np.testing.assert_array_equal(from_h5["ACC"], from_txt["ACC"])
    resting = np.linalg.norm(from_h5["ACC"][:20_000], axis=1)
    assert resting.mean() == pytest.approx(1.0, abs=0.02)
    assert "typical calibration" in warnings[0]


def test_two_opensignals_devices_are_two_streams_and_a_slow_one_is_left_out() -> None:
    streams, samples, _ = read_all(real_recording("emg_1000_hz_8_16_bits.h5"))
    assert [s.name for s in streams] == ["EMG PORT6_CHN1", "EMG PORT5_CHN1"]
    assert {len(values) for values in samples.values()} == {30_600}
    streams, _, warnings = read_all(real_recording("emg_1000_hz_16_bits.h5"))
    assert len(streams) == 1
    assert "10 Hz is left out" in warnings[0]


def test_a_count_outside_the_converter_range_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    content = real_recording("sync_acc_1.txt").read_text()
    path.write_text(content.replace("32988", "70000", 1))
    with pytest.raises(UnreadableRecording, match="70000 for a count of 0 to 65535"):
        read_all(path)


@pytest.mark.parametrize("name", ["GON.h5", "eda_hot_surface.txt", "emg_10_hz_16_bits.h5"])
def test_opensignals_without_emg_or_accelerometer_is_refused(name: str) -> None:
    with pytest.raises(UnreadableRecording, match=r"GONIO|EDA|10 Hz"):
        read_all(real_recording(name))


@pytest.mark.parametrize(
    "name", ["emg_1000_hz_8_16_bits.h5", "emg_fatigue.h5", "sync_acc_1.txt", "edf", "csv"]
)
def test_a_converted_recording_has_the_same_samples(tmp_path: Path, name: str) -> None:
    if name == "edf":
        path = tmp_path / "a.edf"
        edfio.Edf([edf_signal("EMG", "V"), edf_signal("Leg", "uV", 333)]).write(path)
    elif name == "csv":
        values = np.random.default_rng(0).normal(0, 0.3, 3000)
        rows_ = "".join(
            f"{i / 500:.3f},{v!r},{v * 1e-6!r}\n" for i, v in enumerate(values.tolist())
        )
        path = csv_file(tmp_path, "time_s,EMG [mV],Leg [V]\n" + rows_)
    else:
        path = real_recording(name)
    copy = tmp_path / "copy.bdf"
    with (
        open_recording(path) as original,
        BdfWriter(
            copy, original.streams, started=datetime.now(UTC), session_id="s", source=name
        ) as writer,
    ):
        for block in original.blocks(0.25):
            writer.write(block)
        assert set(writer.clipped.values()) == {0}
    streams, samples, _ = read_all(path)
    copied_streams, copied, _ = read_all(copy)
    assert copied_streams == streams
    for stream in streams:
        np.testing.assert_array_equal(copied[stream.name], samples[stream.name])
