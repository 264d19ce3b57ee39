"""Make the pictures of README and docs: real recorder, dashboard and browser, nothing retouched."""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

# The browser of the tests is the browser of this.
sys.path += [str(Path(__file__).parent.parent / folder) for folder in ("tests", "benchmarks")]
from browser import chromium, dashboard
from year import make_year

SOURCE = "sim:demo?modality=both"
WATCHED_S = 140  # long enough for a rate
HERE = Path(__file__).parent


def live_page(home: Path) -> None:
    """Save the Live page as a person sees it after two and a half minutes."""
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
    for picture in (live_page, report_page):
        with tempfile.TemporaryDirectory() as folder:
            picture(Path(folder))
