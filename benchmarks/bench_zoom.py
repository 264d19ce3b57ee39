"""Zoom into a night of 8 h at 4 x 1 kHz: goal 200 ms per step, in the server and in a browser.

    python benchmarks/bench_zoom.py [FOLDER]

FOLDER is one that benchmarks/year_of_recordings.py made. The processor time of the first opening is
measured too: it creates the overview that later openings use.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests"))
import numpy as np
from browser import chromium, dashboard
from year_of_recordings import STREAMS, make_year

from myowatch.dashboard.zoom.zoom_overview import Overview
from myowatch.dashboard.zoom.zoom_route import Zoom
from myowatch.recordings.bdf.bdf_growing import ExcerptReader
from myowatch.recordings.storage.data_folder import cache_folder
from myowatch.recordings.store.store import Store

SPANS_S = (28_800, 3600, 600, 60, 5, 0.5, 0.02)
STEPS = 20
ZOOMED = """() => new Promise((done) => {
    document.addEventListener("myowatch:zoomed", (event) => done(event.detail), { once: true });
})"""


def first_opening(home: Path, session: str, path: Path) -> None:
    """Print what the overview of one stream takes."""
    shutil.rmtree(cache_folder(home, session), ignore_errors=True)
    began, used = time.perf_counter(), time.process_time()
    with ExcerptReader(path) as excerpts:
        pieces = sum(1 for _ in Overview(home, session, path, STREAMS[0]).extend(excerpts))
    wall, used = time.perf_counter() - began, time.process_time() - used
    print(f"first opening of a stream {wall:.1f} s wall, {used:.1f} s processor, {pieces} pieces")


def server(home: Path, session: str, file: str) -> None:
    """Print what one step takes the server, at random places of the night."""
    zoom, rng = Zoom(home), np.random.default_rng(0)
    for span in SPANS_S:
        spent = []
        for _ in range(STEPS):
            begin = rng.uniform(0, 28_800 - span)
            asked = {"session": session, "file": file, "stream": STREAMS[0].name, "width": "2400"}
            asked |= {"from": str(begin - span / 2), "to": str(begin + 1.5 * span)}
            began = time.perf_counter()
            size = len(zoom.window(asked).body)
            spent.append(time.perf_counter() - began)
        middle, worst = 1000 * statistics.median(spent), 1000 * max(spent)
        print(f"server  {span:8g} s: {middle:6.1f} ms median, {worst:6.1f} ms worst, {size} bytes")
    zoom.close()


def browser(home: Path) -> None:
    """Print what one step takes from the key to the new picture."""
    with chromium() as chrome, dashboard(home) as url:
        page = chrome.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(f"{url}/sessions")
        plot = page.locator(".zoom .plot")
        plot.locator(".uplot").wait_for()
        plot.focus()
        page.wait_for_timeout(3000)
        steps = []
        for key in ["ArrowUp"] * 18 + ["ArrowLeft", "ArrowRight"] * 4 + ["ArrowDown"] * 18:
            zoomed = page.evaluate_handle(f"window.zoomed = ({ZOOMED})(), null")
            page.keyboard.press(key)
            steps.append(page.evaluate("window.zoomed"))
            zoomed.dispose()
        spent = sorted(step["ms"] for step in steps)
        print(
            f"browser {len(spent)} steps from 8 h to {min(s['span'] for s in steps):g} s and back: "
            f"{statistics.median(spent):.0f} ms median, {spent[-3]:.0f} ms at the 95th percentile, "
            f"{spent[-1]:.0f} ms worst"
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
        if not (home / "myowatch.db").exists():
            make_year(home, nights=2, busy=0)
        with Store(home) as store:
            newest = store.sessions()[-1]
        (file,) = newest.files
        first_opening(home, newest.id, home / file)
        server(home, newest.id, file)
        browser(home)


if __name__ == "__main__":
    main()
