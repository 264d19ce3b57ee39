"""Make the pictures of the README: the real recorder, dashboard and browser, nothing retouched."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

# The browser of the tests is the browser of this.
sys.path.append(str(Path(__file__).parent.parent / "tests"))
from browser import chromium, dashboard

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


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        live_page(Path(folder))
