"""Make the screenshots of README and docs with the real recorder, dashboard and browser."""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

# The tests start the same browser.
sys.path += [str(Path(__file__).parent.parent / folder) for folder in ("tests", "benchmarks")]
from browser import chromium, dashboard
from year_of_recordings import make_year

from myowatch.recordings.wearer import diary
from myowatch.recordings.wearer.preferences import KnownDevice, change_preferences

SOURCE = "sim:demo?modality=both"
WATCHED_S = 140  # long enough for a rate
HERE = Path(__file__).parent


def live_page(home: Path) -> None:
    """Save the Live page after two and a half minutes of recording."""
    command = [sys.executable, "-m", "myowatch", "record", SOURCE, "--site", "left-thigh"]
    environment = os.environ | {"MYOWATCH_HOME": str(home)}
    with (
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as recorder,
        dashboard(home) as url,
        chromium() as browser,
    ):
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
            page.goto(url)
            page.locator("canvas").first.wait_for()
            page.get_by_label("Show", exact=True).select_option("30")
            page.wait_for_timeout(WATCHED_S * 1000)
            page.screenshot(path=HERE / "live.png")
        finally:
            recorder.terminate()


def seek_help_page(home: Path) -> None:
    """Save the page When to seek help after nine weeks of nights and a few answers."""
    make_year(home, nights=63, hours=2, real=0, busy=0, newest=datetime.now(UTC))
    said = [
        diary.Change(diary.today(), name, value=False) for name in ("weakness", "pain_numbness")
    ]
    diary.write_changes(home, [*said, diary.Change(None, "family_history", value=False)])
    _page(home, "seek_help", 1180)


def devices_page(home: Path) -> None:
    """Save the Devices page with a named sensor and the drawings of where to put it."""
    known = KnownDevice("ble:WEAR-01", "the white one", "left-thigh")
    change_preferences(home, lambda p: p.with_device(known))
    _page(home, "devices", 1040)


def _page(home: Path, name: str, height: int) -> None:
    with dashboard(home) as url, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": height}, color_scheme="light")
        page.goto(f"{url}/{name}")
        page.get_by_role("heading", level=1).wait_for()
        if name == "devices":
            page.locator("summary").first.click()
        page.wait_for_timeout(4000)  # until pictures are drawn
        page.screenshot(path=HERE / f"{name}.png")


def report_page(home: Path) -> None:
    """Save the first page of a report of four weeks, as a black and white printer prints it."""
    make_year(home, nights=27, hours=2, real=1, busy=0, newest=datetime.now(UTC))
    environment = os.environ | {"MYOWATCH_HOME": str(home)}
    printed = home / "report.pdf"
    command = [sys.executable, "-m", "myowatch", "report", "--since", "2020-01-01"]
    subprocess.run([*command, "--out", str(printed)], env=environment, check=True)
    page = ["pdftoppm", "-gray", "-png", "-r", "110", "-l", "1", "-singlefile", str(printed)]
    subprocess.run([*page, str(HERE / "report")], check=True)


if __name__ == "__main__":
    for picture in (live_page, seek_help_page, devices_page, report_page):
        with tempfile.TemporaryDirectory() as folder:
            picture(Path(folder))
