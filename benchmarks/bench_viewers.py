"""Load of the server while several browser tabs show one live session.

    python benchmarks/bench_viewers.py [--viewers 5] [--seconds 30]

A recorder records a simulated thigh (EMG at 1 kHz and an accelerometer), and Chromium opens the
Live page in several tabs. Prints the server's share of a core without and with viewers, its memory,
the redraws of each tab, and the time until the first page is drawn. Other programs on the same
cores slow the drawing, but do not change the processor time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SOURCE = "sim:twitchy?modality=both"
PAINTS = "window.paints = 0; addEventListener('myowatch:painted', () => { window.paints += 1; });"
MEGA = 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        with recorder(home), dashboard(home) as (server, url):
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            idle = share_of_a_core(server, 5.0)
            pages: list[Page] = []
            for number in range(asked.viewers):
                pages.append(browser.new_page(viewport={"width": 1280, "height": 900}))
                pages[-1].add_init_script(PAINTS)
                began = time.monotonic()
                pages[-1].goto(url)
                pages[-1].locator("canvas").first.wait_for(timeout=60_000)
                if number == 0:
                    tell("first page until the trace is there", time.monotonic() - began, "s")
            tell("the last page", time.monotonic() - began, "s")
            time.sleep(3)
            before = [page.evaluate("window.paints") for page in pages]
            began = time.monotonic()
            watched = share_of_a_core(server, asked.seconds)
            lasted = time.monotonic() - began
            drawn = [page.evaluate("window.paints") for page in pages]
            rates = [(b - a) / lasted for a, b in zip(before, drawn, strict=True)]
            tell("server without viewers", idle, "% of a core")
            tell(f"server with {asked.viewers} viewers", watched, "% of a core")
            tell("memory of the server", server.memory_info().rss / MEGA, "MB")
            tell("redraws a second, the slowest tab", min(rates), "")
            browser.close()


def tell(what: str, value: float, unit: str) -> None:
    sys.stdout.write(f"{what:40} {value:8.1f} {unit}\n")


def share_of_a_core(process: psutil.Process, seconds: float) -> float:
    """Processor time a second, in per cent."""
    before, began = process.cpu_times(), time.monotonic()
    time.sleep(seconds)
    after = process.cpu_times()
    used = after.user + after.system - before.user - before.system
    return 100 * used / (time.monotonic() - began)


@contextmanager
def recorder(home: Path) -> Iterator[None]:
    """Record until left."""
    process = _myowatch(home, "record", SOURCE, "--site", "left-thigh")
    try:
        while not list(home.glob("sessions/*/*.bdf")):
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def dashboard(home: Path) -> Iterator[tuple[psutil.Process, str]]:
    """Serve the pages; gives the process and its address."""
    process = _myowatch(home, "dashboard", "--no-browser")
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        yield psutil.Process(process.pid), next(w for w in said.split() if w.startswith("http"))
    finally:
        process.terminate()
        process.wait()


def _myowatch(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "myowatch", *arguments],
        env=os.environ | {"MYOWATCH_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


if __name__ == "__main__":
    main()
