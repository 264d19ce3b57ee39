"""The report for a doctor: the same figures as PDF and HTML, whatever was recorded and typed."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from browser import Watched, chromium
from click.testing import CliRunner
from command_line import run
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from recorded_sessions import ACC, EMG, EVENTS, STARTED, record_session
from streamlit.testing.v1 import AppTest
from year_of_nights import record_year, store_session

from myowatch.cli.report import report
from myowatch.dashboard.report import phrases
from myowatch.dashboard.report import report_text as panel_words
from myowatch.dashboard.report import report_text as words
from myowatch.dashboard.report.contents import Report, ReportRequest
from myowatch.dashboard.report.document import Document, Drawing, Paragraph, Row, Section, Table
from myowatch.dashboard.report.drawing import _step
from myowatch.dashboard.report.gathering import gather
from myowatch.dashboard.report.printing import (
    Form,
    Paper,
    as_html,
    as_pdf,
    compile_typst,
    make,
    with_name,
)
from myowatch.dashboard.report.wording import document_of
from myowatch.recordings.analysis.analyze import settings_as_text
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.storage.data_folder import private_folder, session_folder
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.session_info import FileInfo, SessionInfo
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.diary import Change, write_changes
from myowatch.recordings.wearer.labels import Label, LabelKind, add_label
from myowatch.recordings.wearer.preferences import change_preferences
from myowatch.signal.escalation.evidence import Standing, Threshold
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit, quantise
from myowatch.signal.model.settings import DetectionSettings

TWITCH, CRAMP = Kind.TWITCH, Kind.CRAMP
NOW = STARTED + timedelta(hours=12)
SETTINGS = settings_as_text(DetectionSettings())
SINCE = ReportRequest(since=date(2026, 1, 1))
MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
HOSTILE = (
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "$x$ *b* _i_ `c` <l> @r [t] #panic()",
    "</style></title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '"]}\\u0022 {number} \\',
)
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "footer", "section", "div", "span"),
    *("h1", "h2", "p", "strong", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"),
    *("figure", "figcaption", "svg", "path", "text", "circle", "polyline"),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MYOWATCH_DATABASE", raising=False)
    return tmp_path / "home"


class Page(HTMLParser):
    """What a browser would make of a file."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def closed(text: str) -> str:
    """Text without its blanks: where lines end is the printer's business."""
    return "".join(text.split())


def printed(document: Document, paper: Paper = Paper.A4) -> PdfReader:
    return PdfReader(BytesIO(as_pdf(document, NOW, paper)))


def both(document: Document) -> tuple[str, str]:
    """All the text of a document as PDF and as HTML."""
    pages = (page.extract_text() for page in printed(document).pages)
    return closed("".join(pages)), closed("".join(Page(as_html(document)).words))


def store_cramps(home: Path, session_id: str) -> None:
    file = f"sessions/{session_id}/wear.bdf"
    with Store(home) as store:
        (stream,) = store.streams(session_id)
        events = [
            Event(stream.name, Kind.CRAMP, n * 30_000, n * 30_000 + 8_000) for n in range(1, 7)
        ]
        store.add_events(session_id, file, events)


def weeks(home: Path) -> None:
    """Three weeks of nights with four sensors, a session with cramps, and a diary."""
    record_year(home, 21)
    session = {Stream("A", Modality.EMG, Unit.MICROVOLT, 1000.0, ("A",), 0.1, "back"): (9, 3600.0)}
    store_session(home, "cramps", STARTED - timedelta(hours=9), session)
    store_cramps(home, "cramps")
    days = [date(2026, 11, 20), date(2026, 11, 22)]
    changes = [Change(day, "stress", 3 + n) for n, day in enumerate(days)]
    changes += [Change(days[0], "thigh_left_cm", 52.5), Change(days[1], "thigh_left_cm", 51.5)]
    changes += [Change(days[1], "weakness", value=True), Change(days[1], "weakness_severity", 4)]
    changes += [Change(days[1], "weakness_where", ("left calf",)), Change(days[0], "cramps", 2)]
    changes += [Change(days[1], "medicines", "magnesium"), Change(days[1], "note", "slept badly")]
    changes += [Change(days[1], "medicines_changed", value=True)]
    write_changes(home, [*changes, Change(None, "family_history_who", "an aunt")])


def test_every_word_and_figure_is_in_the_pdf_and_in_the_html(home: Path) -> None:
    weeks(home)
    document = document_of(gather(home, ReportRequest(since=date(2026, 1, 1), notes=True), NOW))
    pdf, html = both(document)
    drawn = [
        svg
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Row)
        for svg in (drawing.svg for drawing in block.drawings)
    ]
    labels = [label for svg in drawn for label in re.findall(r">([^<>]+)</text>", svg)]
    assert len(drawn) == 4
    assert len(labels) > 20
    for text in [*document.texts(), *labels]:
        assert closed(text) in pdf
        assert closed(text) in html


def test_the_page_says_what_the_weeks_came_to(home: Path) -> None:
    weeks(home)
    report = gather(home, SINCE, NOW)
    thigh, *others = report.sites
    assert (thigh.site, thigh.days, thigh.worn_s) == ("left-thigh", 21, 21 * 8 * 3600)
    assert thigh.rate is not None
    assert thigh.exact is not None
    assert thigh.widened is not None
    assert thigh.widened[0] < thigh.exact[0] < thigh.rate < thigh.exact[1] < thigh.widened[1]
    assert thigh.trend is not None
    back = next(site for site in others if site.site == "back")
    assert (back.cramps_s, back.periodic[0].movements) == ((8.0,) * 6, 6)
    assert {f.threshold: f.standing for f in report.findings}[Threshold.WEAKNESS] is Standing.MET
    texts = " ".join(document_of(report).texts())
    assert "Wearer: yes, on 22 November 2026 (left calf, severity 4 of 10)." in texts
    assert "52.5 cm (20 November 2026), 51.5 cm (22 November 2026)" in texts
    assert "6 cramps, the longest 8 s" in texts
    assert "an aunt" in texts
    assert "slept badly" not in texts  # free words only when they are asked for


@pytest.mark.parametrize("paper", Paper)
def test_weeks_of_four_sensors_are_two_tagged_pages_with_embedded_fonts(
    home: Path, paper: Paper
) -> None:
    record_year(home, 40)
    reader = printed(document_of(gather(home, SINCE, NOW)), paper)
    assert len(reader.pages) == 2
    width = {Paper.A4: 595, Paper.LETTER: 612}[paper]
    assert int(reader.pages[0].mediabox.width) == width
    assert "/StructTreeRoot" in reader.root_object
    for number, page in enumerate(reader.pages, 1):
        assert f"Page {number} of 2" in page.extract_text()
    fonts = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    assert all("LibertinusSerif" in font.get_object()["/BaseFont"] for font in fonts)


def test_eight_sites_and_long_notes_stay_on_two_pages(home: Path) -> None:
    sites = [f"site {n}" for n in range(8)]
    streams = [Stream(s, Modality.EMG, Unit.MICROVOLT, 1000.0, (s,), 0.1, s) for s in sites]
    for night in range(0, 22, 2):
        counted = {stream: (300 * (n + 1), 14_400.0) for n, stream in enumerate(streams)}
        store_session(home, f"{night}", STARTED - timedelta(days=night), counted)
    for day in range(1, 23):
        write_changes(
            home, [Change(date(2026, 11, day), "note", "A long story about a night. " * 40)]
        )
    report = gather(home, ReportRequest(since=date(2026, 1, 1), notes=True), NOW)
    assert len(printed(document_of(report)).pages) == 2


def test_the_same_document_is_the_same_file(home: Path) -> None:
    document = document_of(gather_one(home))
    assert as_pdf(document, NOW) == as_pdf(document, NOW)


def gather_one(home: Path) -> Report:
    record_session(home, "one")
    return gather(home, ReportRequest(session="one"), NOW)


@pytest.mark.parametrize("words_typed", HOSTILE)
def test_typed_text_is_never_markup(words_typed: str) -> None:
    drawing = Drawing('<svg xmlns="http://www.w3.org/2000/svg"></svg>', words_typed, words_typed)
    blocks = (
        Paragraph(words_typed, label=words_typed),
        Table((words_typed,), ((words_typed,),), (1,)),
        Row((drawing,)),
    )
    section = Section(words_typed, blocks)
    document = Document(
        "en", words_typed, words_typed, "", words_typed, (section,), words_typed, words.PAGE
    )
    pdf, html = both(document)
    in_title = 1
    assert pdf.count(closed(words_typed)) == html.count(closed(words_typed)) - in_title == 10
    page = Page(as_html(document))
    assert page.tags <= ALLOWED
    assert not {"src", "href", "onerror"} & page.attributes


def test_unusual_sites_and_names_are_printed_unchanged(home: Path) -> None:
    site = HOSTILE[0].replace("-", " ")
    emg = Stream("A", Modality.EMG, Unit.MICROVOLT, 1000.0, ("A",), 0.1, HOSTILE[3])
    acc = Stream("B", Modality.ACCELEROMETER, Unit.G, 100.0, ("x", "y", "z"), 1e-4, site)
    store_session(home, "a", STARTED, {emg: (40, 3600.0), acc: (4, 3600.0)})
    asked = ReportRequest(since=date(2026, 1, 1), wearer=HOSTILE[4])
    pdf, html = both(document_of(gather(home, asked, NOW)))
    for typed in (HOSTILE[0], HOSTILE[3], HOSTILE[4]):
        assert closed(typed).lower() in pdf.lower()
        assert closed(typed).lower() in html.lower()


@pytest.mark.parametrize("name", ["Zoë Ωμέγα Жук", "王小明", "smile \U0001f600", "\ue000"])
def test_a_name_in_any_script_is_printed_or_left_a_box_but_never_refused(name: str) -> None:
    document = Document("en", "T", name, "", "", (), "", words.PAGE)
    assert as_pdf(document, NOW).startswith(b"%PDF")


def test_control_characters_are_removed_from_names() -> None:
    assert phrases.plain("Ada\x00\u202e\nExample ") == "Ada Example"


@pytest.mark.parametrize("reach", ['#read("/etc/passwd")', '#read("../../etc/passwd")'])
def test_a_template_cannot_read_the_disk(reach: str) -> None:
    with pytest.raises(RuntimeError, match=r"not found|access denied|escape"):
        compile_typst(reach.encode(), {}, NOW)


def test_a_session_without_a_twitch_has_its_interval_and_no_waveform(home: Path) -> None:
    emg = Stream("A", Modality.EMG, Unit.MICROVOLT, 1000.0, ("A",), 0.1, "left-calf")
    store_session(home, "quiet", STARTED, {emg: (0, 3600.0)})
    report = gather(home, ReportRequest(session="quiet"), NOW)
    (site,) = report.sites
    assert site.rate == 0
    assert site.exact == pytest.approx((0, 0.0615), abs=1e-3)
    assert report.twitch is None
    assert words.TWITCH_NONE in texts_of(report)


def texts_of(report: Report) -> list[str]:
    return [*document_of(report).texts()]


def test_under_two_scorable_minutes_there_is_no_rate(home: Path) -> None:
    report = gather_one(home)
    (site,) = report.sites
    assert (site.twitches, site.rate, site.exact) == (1, None, None)
    assert "no rate before two scored minutes" in " ".join(texts_of(report))


def test_the_waveform_is_that_of_the_recording_as_the_detector_hears_it(home: Path) -> None:
    times = np.arange(30_000) / 1000
    noise = np.random.default_rng(1).normal(0, 2, len(times))
    onsets = range(5_000, 29_000, 1_000)
    for onset in onsets:
        part = slice(onset, onset + 12)
        shape = np.sin(np.arange(12) / 12 * 2 * np.pi) * (-1 if onset == 7_000 else 1)
        noise[part] += 100 * shape
    hum = 80 * np.sin(2 * np.pi * 50 * times)
    events = [Event("EMG", Kind.TWITCH, o, o + 12, 95.0, 30.0, 0.9) for o in onsets]
    record_samples(home, EMG, (noise + hum)[:, np.newaxis], events)
    found = gather(home, ReportRequest(session="real"), NOW).twitch
    assert found is not None
    assert found.compared == len(onsets)
    assert found.at != STARTED + timedelta(seconds=7)  # the one unlike the others
    peak = found.samples[(found.times_s >= 0) & (found.times_s < 0.02)].max()
    assert 50 < peak < 120
    assert np.abs(found.samples[found.times_s < -0.01]).max() < 20  # neither hum nor twitch


def record_samples(home: Path, stream: Stream, samples: Samples, events: list[Event]) -> None:
    path = private_folder(session_folder(home, "real")) / "wear.bdf"
    info = FileInfo("sessions/real/wear.bdf", "ble:WEAR", STARTED, (stream,), SETTINGS)
    with BdfWriter(path, (stream,), started=STARTED, session_id="real", source="") as writer:
        writer.write(SampleBlock(stream, 0, quantise(samples, stream.resolution)))
        for event in events:
            writer.add_event(event)
    with Store(home) as store:
        store.begin_session(SessionInfo("real", [info]))
        store.add_events("real", info.file, events)
        store.set_progress("real", {stream.name: len(samples)})


def test_an_accelerometer_alone_has_its_waveform_too(home: Path) -> None:
    rng = np.random.default_rng(2)
    samples = rng.normal([0, 0, 1], 0.001, (104 * 20, 3))
    ring = 0.05 * np.sin(np.arange(20) / 20 * 6 * np.pi) * np.hanning(20)
    samples[1040:1060] += ring[:, np.newaxis] * [0.2, 0.1, 0.9]
    record_samples(home, ACC, samples, [Event("ACC", Kind.TWITCH, 1040, 1060, 0.04, 25.0, 0.9)])
    report = gather(home, ReportRequest(session="real"), NOW)
    assert report.twitch is not None
    assert 0.01 < report.twitch.samples.max() < 0.06
    assert "Accelerometer: 5 to 60 Hz" in " ".join(texts_of(report))


def test_an_envelope_shows_cramps_and_no_twitches(home: Path) -> None:
    envelope = Stream("E", Modality.ENVELOPE, Unit.ADC, 100.0, ("E",), 1.0, "left-calf")
    store_session(home, "e", STARTED, {envelope: (0, 3600.0)})
    report = gather(home, ReportRequest(session="e"), NOW)
    assert (report.sites[0].twitches, report.sites[0].rate) == (None, None)
    assert words.RATE_LINE_NONE.format(cramps="") in texts_of(report)


def test_a_session_that_is_being_recorded_is_reported_as_it_stands(home: Path) -> None:
    record_session(home, "live", end=False)
    report = gather(home, ReportRequest(session="last"), NOW)
    assert report.running
    assert "still being recorded" in document_of(report).when


def test_a_recording_that_was_deleted_leaves_its_numbers(home: Path) -> None:
    folder = record_session(home, "one")
    for file in folder.iterdir():
        file.unlink()
    report = gather(home, ReportRequest(session="one"), NOW)
    assert (report.sites[0].twitches, report.twitch) == (1, None)


def test_replayed_sessions_are_left_out_beside_worn_ones(home: Path) -> None:
    record_session(home, "played")
    alone = gather(home, SINCE, NOW)
    assert alone.played
    assert document_of(alone).banner == words.PLAYED
    emg = Stream("A", Modality.EMG, Unit.MICROVOLT, 1000.0, ("A",), 0.1, "left-calf")
    store_session(home, "worn", STARTED, {emg: (5, 3600.0)})
    beside = gather(home, SINCE, NOW)
    assert (beside.played, beside.sessions, beside.left_out) == (False, 1, 1)
    assert document_of(beside).banner == ""


def test_labels_of_the_wearer_correct_the_counts(home: Path) -> None:
    record_session(home, "one")
    file = "sessions/one/sim-twitchy.bdf"
    twitch, cramp = (next(e for e in EVENTS if e.kind is kind) for kind in (TWITCH, CRAMP))
    add_label(home, "one", file, twitch, Label(LabelKind.CRAMP))
    add_label(home, "one", file, cramp, Label(LabelKind.NOT_AN_EVENT))
    found = gather(home, ReportRequest(session="one"), NOW)
    (site,) = found.sites
    assert (site.twitches, site.cramps_s, found.relabelled) == (0, (0.018,), 2)
    assert found.twitch is None
    assert "looked at 2 single events" in " ".join(texts_of(found))


def test_the_report_says_what_would_have_been_seen_and_what_the_wearer_has_not_said(
    home: Path,
) -> None:
    record_session(home, "one")
    file, asked = "sessions/one/sim-twitchy.bdf", ReportRequest(session="one")
    unsure = Event("EMG", CRAMP, 40_000, 52_000, 90.0, cramp_probability=0.5)
    assert "would have been seen" not in " ".join(texts_of(gather(home, asked, NOW)))
    with Store(home) as store:
        store.add_events("one", file, [unsure])
        store.add_detectable_peaks("one", file, {"EMG": {0: 30.2, 1: 39.6}, "ACC": {0: 0.004}})
        store.set_progress("one", store.n_samples("one"))
    said = " ".join(texts_of(gather(home, asked, NOW)))
    assert "Twitches that would have been seen, peak to peak: Left thigh above 35 µV." in said
    assert "1 of them may be a cramp or a contraction: the wearer has not said." in said
    add_label(home, "one", file, unsure, Label(LabelKind.MOVEMENT))
    assert "may be a cramp or a contraction" not in " ".join(texts_of(gather(home, asked, NOW)))


def test_a_name_is_printed_only_when_it_is_asked_for(home: Path) -> None:
    change_preferences(home, lambda p: replace(p, wearer="Ada Example", born=1961))
    record_session(home, "one")
    asked = ReportRequest(session="one")
    assert b"Ada" not in make(home, asked, Form.HTML, NOW)
    assert b"Ada Example, born 1961" in make(home, with_name(home, asked), Form.HTML, NOW)


def test_a_period_without_recordings_says_so(home: Path) -> None:
    with pytest.raises(Problem, match="nothing was recorded since 2026-01-01"):
        gather(home, SINCE, NOW)
    with pytest.raises(ValueError, match="need a session or"):
        ReportRequest()


def test_false_alarm_rates_are_those_that_were_measured() -> None:
    table = (Path(__file__).parent.parent / "docs" / "reference" / "accuracy.md").read_text("utf-8")
    measured = re.findall(r"^\| (EMG|Accelerometer), (\w+) \| [\d.]+ \| ([\d.]+) \|", table, re.M)
    short = {"EMG": "emg", "Accelerometer": "acc"}
    found = {f"{short[sensor]}_{grade}": float(rate) for sensor, grade, rate in measured[:6]}
    assert found == words.FALSE_ALARMS_AN_HOUR


@given(st.floats(1e-6, 1e6))
def test_axis_steps_are_round_and_next_to_what_is_needed(least: float) -> None:
    step = _step(least)
    assert least * (1 - 1e-6) <= step <= 2.5 * least * (1 + 1e-6)
    assert float(f"{step:.0e}") == pytest.approx(step)


def test_only_the_owner_can_read_a_report(home: Path, tmp_path: Path) -> None:
    record_session(home, "one")
    out = tmp_path / "page.html"
    done = run("report", "last", "--out", str(out), "--wearer", "Ada", MYOWATCH_HOME=str(home))
    assert (done.returncode, done.stdout.strip()) == (0, str(out)), done.stderr
    assert out.stat().st_mode & 0o777 == 0o600
    assert "Ada" in out.read_text("utf-8")


def test_the_command_refuses_wrong_options(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(home))
    there = tmp_path / "page.pdf"
    there.touch()
    said = CliRunner().invoke(report, ["last", "--out", str(there)])
    assert "nothing is overwritten" in str(said.exception)
    for wrong in (["last", "--out", "page.txt"], ["--out", "x.pdf"], ["--since", "no"]):
        assert CliRunner().invoke(report, wrong).exit_code == 2


@pytest.mark.parametrize("page", ["seek_help.py", "sessions.py"])
def test_the_pages_print_a_name_only_if_it_is_ticked(
    home: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(home))
    change_preferences(home, lambda p: replace(p, wearer="Ada *Example*"))
    record_session(home, "one")
    app = AppTest.from_file(MAIN, default_timeout=60).run()
    app.switch_page(page).run()
    assert not app.exception
    spans = next(box for box in app.selectbox if box.label == panel_words.OF)
    of_session = [panel_words.THIS_SESSION] if page == "sessions.py" else []
    weeks = panel_words.WEEKS.values()
    assert spans.options == [*of_session, *weeks, panel_words.ALL, panel_words.PANEL_SINCE]
    name = next(box for box in app.checkbox if "Ada" in box.label)
    assert (name.label, name.value) == (r"Print my name: Ada \*Example\*", False)
    spans.select(panel_words.PANEL_SINCE if page == "seek_help.py" else panel_words.ALL).run()
    assert not app.exception
    labels = [str(button.proto.label) for button in app.get("download_button")]
    assert panel_words.MAKE in labels


def test_the_html_report_loads_nothing_and_fits_a_phone(home: Path, tmp_path: Path) -> None:
    weeks(home)
    out = tmp_path / "page.html"
    out.write_bytes(make(home, SINCE, Form.HTML, NOW))
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 800})
        watched = Watched(page, out.as_uri())
        page.goto(out.as_uri())
        assert page.get_by_role("img").count() == 4
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert watched.foreign == watched.complaints == []
        assert len(PdfReader(BytesIO(page.pdf(format="A4"))).pages) <= 3
