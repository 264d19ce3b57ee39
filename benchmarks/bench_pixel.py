"""How old the newest sample is when the browser has painted it, beside its age in the file.

A recorder of 4 EMG channels at 1 kHz, the dashboard and a headless Chromium (software rendering)
run together. The floor is the same age seen by a bare loop that follows the file. Goals: under
300 ms median from sample to pixel, 10 to 20 redraws a second.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil

# The browser of the tests is the browser of this.
sys.path.append(str(Path(__file__).parent.parent / "tests"))
from browser import chromium, dashboard

from myowatch.recordings.bdf.bdf_growing import RecordingTail
from myowatch.recordings.store.recorder_status import read_statuses

SOURCE = "sim:twitchy?channels=4"
SETTLE_S, MEASURE_S = 8.0, 20.0
# A message posted while a frame is being made is handled once that frame has been painted.
LISTEN = """
window.ages = [];
const channel = new MessageChannel();
channel.port2.onmessage = ({ data }) => window.ages.push(Date.now() / 1000 - data);
document.addEventListener("myowatch:painted", (event) =>
  channel.port1.postMessage(event.detail.host));
"""


@contextmanager
def recorder(home: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "myowatch", "record", SOURCE]
    environment = os.environ | {"MYOWATCH_HOME": str(home)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def server_process(url: str) -> psutil.Process:
    port = int(url.rpartition(":")[2])
    for process in psutil.Process().children(recursive=True):
        if any(c.laddr.port == port for c in process.net_connections("inet") if not c.raddr):
            return process
    raise LookupError(url)


def ages_in_file(path: Path, seconds: float, found: list[float]) -> None:
    with RecordingTail(path, from_seconds_before_end=1.0) as tail:
        end = 0
        stop = time.monotonic() + seconds
        while time.monotonic() < stop:
            for block in tail.poll().blocks:
                end = max(end, block.end_sample)
            if end and tail.started:
                found.append(time.time() - tail.started.timestamp() - end / 1000)
            time.sleep(0.05)


def measure(home: Path) -> None:
    with recorder(home), dashboard(home) as url, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(LISTEN)
        page.goto(url)
        page.locator("canvas").first.wait_for()
        page.wait_for_timeout(SETTLE_S * 1000)
        server = server_process(url)
        in_file: list[float] = []
        path = home / read_statuses(home)[0].file
        floor = threading.Thread(target=ages_in_file, args=(path, MEASURE_S, in_file))
        server.cpu_percent()
        page.evaluate("window.ages = []")
        floor.start()
        page.wait_for_timeout(MEASURE_S * 1000)
        busy = server.cpu_percent()
        ages = page.evaluate("window.ages")
        floor.join()
        report(ages, in_file, busy, server.memory_info().rss)


def report(ages: list[float], in_file: list[float], busy: float, memory: int) -> None:
    middle, late = np.percentile(ages, (50, 95)) * 1000
    print(f"sample to pixel: {middle:.0f} ms median, {late:.0f} ms 95th percentile (goal 300)")
    print(f"sample to file, as a bare loop sees it: {1000 * np.median(in_file):.0f} ms median")
    print(f"redraws: {len(ages) / MEASURE_S:.1f} a second (goal 10 to 20)")
    print(f"server: {busy:.1f} % of a core, {memory / 2**20:.0f} MiB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder))
