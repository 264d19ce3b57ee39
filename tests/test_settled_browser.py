"""Live page in Chromium: marks are hollow until settled, and a question is answered by a press."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from browser import Watched, chromium, dashboard, free_port
from playwright.sync_api import Browser, Page, expect

from myowatch.acquisition.recorder.recovery import index_file
from myowatch.dashboard.live import live_text as live
from myowatch.dashboard.sessions import sessions_text as sessions
from myowatch.dashboard.text import common_text as common
from myowatch.dashboard.text import trace_text as trace
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.storage.data_folder import private_folder, session_folder
from myowatch.recordings.store.recorder_status import RecorderState, RecorderStatus, write_status
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.labels import Label, LabelKind, read_labels
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit

SESSION, DEVICE = "20261123-220411-k3fab", "sim:twitchy"
FILE = f"sessions/{SESSION}/left-thigh.bdf"
EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025, "left-thigh")
TWITCH = Event("EMG", Kind.TWITCH, 56_000, 56_030, 120.0, 25.0, 0.95, provisional=True)
UNSURE = Event("EMG", Kind.CRAMP, 20_000, 32_000, 90.0, 20.0, 0.7, cramp_probability=0.55)
LONG_MS = 60_000


class Recorder:
    """A recorder of one minute that goes on only when a test says so."""

    def __init__(self, home: Path) -> None:
        self.home = home
        private_folder(session_folder(home, SESSION))
        started = datetime.now(UTC) - timedelta(seconds=60)
        self.writer = BdfWriter(
            home / FILE, [EMG], started=started, session_id=SESSION, source=DEVICE
        )
        samples = np.random.default_rng(0).normal(0.0, 5.0, (60_000, 1))
        self.writer.write(SampleBlock(EMG, 0, samples))
        self.write(UNSURE, TWITCH)

    def write(self, *events: Event, settled_until: int = 0) -> None:
        """Write events with half a second of rest, and index them."""
        for event in events:
            self.writer.add_event(event)
        if settled_until:
            self.writer.add_settled("EMG", settled_until)
        self.writer.write(SampleBlock(EMG, self.writer.n_samples["EMG"], np.zeros((500, 1))))
        self.writer.sync()
        with Store(self.home) as store:
            index_file(self.home, store, self.home / FILE)

    def say(self) -> None:
        """Write the status, as if the recorder was alive for another minute."""
        condition = {
            "name": "EMG",
            "modality": "emg",
            "unit": "uV",
            "sampling_rate": 1000.0,
            "quality": "good",
            "noise_floor": 5.0,
            "threshold": 21.0,
            "mains_hz": None,
            "detectable_peak": 42.3,
            "active": None,
            "unscorable_since_s": None,
        }
        write_status(
            self.home,
            RecorderStatus(
                device=DEVICE,
                pid=os.getpid(),
                session_id=SESSION,
                file=FILE,
                site="left-thigh",
                state=RecorderState.RECORDING,
                message="",
                started=datetime.now(UTC).isoformat(),
                updated=time.time() + 60,
                conditions=[condition],
            ),
        )


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    made = Recorder(tmp_path)
    made.say()
    with made.writer:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # Without motion the trace stands still between frames.
    context = browser.new_context(
        viewport={"width": 1280, "height": 1000},
        reduced_motion="reduce",
        color_scheme="light",
        device_scale_factor=2,
    )
    context.set_default_timeout(LONG_MS)
    yield context.new_page()
    context.close()


def middle_of_the_mark(page: Page) -> float:
    """Return the brightness, 0 to 255, in the middle of the only dark mark above the trace."""
    found: float = page.locator("canvas").first.evaluate(
        """canvas => {
            const { width } = canvas;
            const strip = canvas.getContext("2d").getImageData(0, 0, width, 36).data;
            const dark = [];
            for (let i = 0; i < strip.length; i += 4) {
                const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
                const light = strip[i] + strip[i + 1] + strip[i + 2];
                if (x > 160 && strip[i + 3] > 128 && light < 300) dark.push([x, y]);
            }
            const mean = (k) => Math.round(dark.reduce((sum, at) => sum + at[k], 0) / dark.length);
            const at = 4 * (mean(1) * width + mean(0));
            return dark.length ? (strip[at] + strip[at + 1] + strip[at + 2]) / 3 : NaN;
        }"""
    )
    return found


def question(page: Page) -> str:
    expect(page.locator(".question")).to_have_count(1, timeout=LONG_MS)
    return page.locator(".question span").inner_text()


def label(home: Path) -> Label | None:
    key = UNSURE.onset, UNSURE.offset, UNSURE.kind
    return read_labels(home, SESSION).for_stream(FILE, "EMG").get(key)


def wait_for_label(home: Path, kind: LabelKind) -> None:
    deadline = time.monotonic() + 15
    while label(home) != Label(kind):
        assert time.monotonic() < deadline, "the answer was not kept"
        time.sleep(0.1)


def test_a_mark_is_hollow_until_its_event_is_settled(recorder: Recorder, page: Page) -> None:
    with dashboard(recorder.home) as url:
        watched = Watched(page, url)
        page.goto(url)
        page.locator("canvas").first.wait_for(timeout=LONG_MS)
        expect(page.locator(".legend")).to_contain_text("hollow: may still change")
        page.wait_for_timeout(1500)
        assert middle_of_the_mark(page) > 200
        recorder.write(replace(TWITCH, provisional=False), settled_until=58_000)
        recorder.say()
        page.wait_for_timeout(2500)
        assert middle_of_the_mark(page) < 100
        assert watched.complaints == []


def test_the_page_says_which_twitches_would_be_seen(recorder: Recorder, page: Page) -> None:
    with dashboard(recorder.home) as url:
        page.goto(url)
        said = live.DETECTABLE.format(peak="42 µV")
        expect(page.locator(".detectable")).to_have_text(said, timeout=LONG_MS)


def test_the_sessions_page_names_both_and_states_the_smallest_twitch(
    recorder: Recorder, page: Page
) -> None:
    with Store(recorder.home) as store:
        store.add_detectable_peaks(SESSION, FILE, {"EMG": {0: 42.3}})
        store.set_progress(SESSION, store.n_samples(SESSION))
    with dashboard(recorder.home) as url:
        watched = Watched(page, url)
        page.goto(url)
        page.get_by_role("link", name=common.SESSIONS).click()
        said = sessions.DETECTABLE.format(peak="42 µV")
        expect(page.get_by_text(said)).to_be_visible()
        page.get_by_role("button", name=trace.ZOOM_WORDS["next"]).click()
        expect(page.get_by_text(f"{common.CRAMP_OR_CONTRACTION} at ")).to_be_visible()
        expect(page.get_by_text("It may be a cramp (55 %)")).to_be_visible()
        assert watched.complaints == []


def test_a_press_answers_whether_it_was_a_cramp(recorder: Recorder, page: Page) -> None:
    with dashboard(recorder.home) as url:
        watched = Watched(page, url)
        page.goto(url)
        assert "left thigh · EMG: cramp or contraction, 12 s" in question(page)
        page.get_by_role("button", name=live.CRAMP_ANSWERS["movement"]).click()
        expect(page.locator(".question")).to_have_count(0)
        expect(page.locator(".questions .said")).to_contain_text("Noted: I moved.")
        wait_for_label(recorder.home, LabelKind.MOVEMENT)
        page.get_by_role("link", name=common.SESSIONS).click()
        expect(page.get_by_text("With your corrections: twitches 1, cramps 0")).to_be_visible()
        assert watched.complaints == []


def test_an_answer_that_finds_no_server_is_kept_and_sent_later(
    recorder: Recorder, page: Page
) -> None:
    port = free_port()
    with dashboard(recorder.home, port) as url:
        page.goto(url)
        question(page)
    page.wait_for_timeout(1000)
    page.get_by_role("button", name=live.CRAMP_ANSWERS["cramp"]).click()
    expect(page.locator(".questions .said")).to_have_text(live.QUESTIONS["waiting"])
    assert label(recorder.home) is None
    recorder.say()
    with dashboard(recorder.home, port):
        wait_for_label(recorder.home, LabelKind.CRAMP)
