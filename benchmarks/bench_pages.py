"""Time to draw each page of the dashboard with a year of nights (goal 1 s), and memory used.

    python benchmarks/bench_pages.py [FOLDER]

FOLDER is one that benchmarks/year_of_recordings.py made; without it, the newest night is shorter.
The times are those of Streamlit's AppTest (second run, because the first imports modules), and of a
browser that opens page after page, until the script of the page has ended.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests"))
import psutil
from browser import chromium, dashboard
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest
from year_of_recordings import make_year

from myowatch.dashboard.text import common_text as common

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
PAGES = {
    "live.py": common.LIVE,
    "sessions.py": common.SESSIONS,
    "seek_help.py": common.SEEK_HELP,
    "diary.py": common.DIARY,
    "learn.py": common.LEARN,
    "devices.py": common.DEVICES,
    "settings.py": common.SETTINGS,
}
GOAL_S = 1.0
ROUNDS = 3


def scripts() -> None:
    """Print what each page's script takes, wall and processor time."""
    for name in PAGES:
        app = AppTest.from_file(MAIN, default_timeout=120).run()
        app.switch_page(name).run()
        spent = []
        for _ in range(ROUNDS):
            began, used = time.perf_counter(), time.process_time()
            app.run()
            spent.append((time.perf_counter() - began, time.process_time() - used))
        wall, used = min(spent)
        print(f"{name:14} script {wall:6.2f} s wall {used:6.2f} s processor")


def drawn(page: Page, name: str) -> float:
    """Go to a page by its link; return seconds until its script has ended and nothing is stale."""
    began = time.perf_counter()
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_function(
        """(name) => document.title.startsWith(name)
            && !document.querySelector('[data-stale="true"]')
            && document.querySelector('[data-test-script-state="notRunning"]')""",
        arg=name,
    )
    return time.perf_counter() - began


def browser(home: Path) -> None:
    """Print what each page takes until it stands in a browser, and the server's memory."""
    with chromium() as chrome, dashboard(home) as url:
        page = chrome.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(url)
        page.get_by_role("link", name=common.SESSIONS).wait_for()
        times: dict[str, list[float]] = {name: [] for name in PAGES.values()}
        for _ in range(ROUNDS + 1):
            for name, taken in times.items():
                taken.append(drawn(page, name))
        for name, (first, *later) in times.items():
            within = "within" if min(later) < GOAL_S else "over"
            print(f"{name:18} browser {first:5.2f} s first, {min(later):5.2f} s then: {within} 1 s")
        children = psutil.Process().children(recursive=True)
        servers = [c for c in children if "dashboard" in c.cmdline() and "myowatch" in c.cmdline()]
        print(f"the server has {max(c.memory_info().rss for c in servers) / 1e6:.0f} MB")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
        if not (home / "myowatch.db").exists():
            make_year(home, real=0)
        os.environ["MYOWATCH_HOME"] = str(home)
        scripts()
        browser(home)


if __name__ == "__main__":
    main()
