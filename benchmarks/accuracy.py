"""How well twitches and cramps are found: our detector, published ones, and what is possible.

Scenes `clean`, `medium` and `hard` of the simulator, with seeds that nothing was built on; peers
are tuned on seeds of their own. Writes `docs/reference/accuracy.md`.

    python benchmarks/accuracy.py  # everything, as on the page
    python benchmarks/accuracy.py --no-peers --no-rates --grades hard --seeds 1 2 --out /dev/null

Scenes and what peers found are kept (`--keep`), so a second run takes minutes; our own detector
always runs anew. Needs the extra `bench`: pip install -e .[bench]
"""

import argparse
import importlib.util
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product, repeat
from pathlib import Path
from typing import TypeVar

import accuracy_report as report
from array_cache import DEFAULT, ArrayCache
from detector_outcome import Outcome, outcome
from matched_filter_bound import expected_recall
from peer_tuning import Both, best, score, twitches
from rich.progress import Progress, TimeElapsedColumn
from scenes import GRADES, Recorded, Scene, recorded
from scoring import Spans, Truth

from myowatch.signal.model.samples import Modality, Samples

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "accuracy.md"
SEEDS = (901, 902, 903, 904)
TUNING_SEEDS = (801, 802, 803, 804)
"""Several, for a seed draws how often its wearer twitches: where that is often, false ones are
cheap, and thresholds chosen there would be far too low elsewhere."""
PEER_MINUTES = 15
HEART = "heartbeat"
SEEDS_PER_RATE = 2
"""Of the first seeds, for the table of other sampling rates."""
RATES = {Modality.EMG: (250, 500, 2000), Modality.ACCELEROMETER: (50, 100, 400)}

Attempt = tuple[Truth, dict[float, Spans]]
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Trial:
    """One peer on one scene with some of its thresholds."""

    library: str
    name: str
    scene: Scene
    levels: tuple[float, ...]


def judge(scene: Scene, keep: Path) -> tuple[Outcome, Samples]:
    """Our detector on one scene, and what an ideal observer would find of it."""
    record = _recorded(scene, keep)
    truth = _truth(record)
    return outcome(record, truth), expected_recall(record, truth)


def attempt(trial: Trial, keep: Path) -> Attempt:
    """Run a peer; the truth about what it was given, and its spans for each threshold."""
    import peers

    peer, record = peers.find(trial.library, trial.name), _recorded(trial.scene, keep)
    found = {level: peers.spans(peer, level, record, ArrayCache(keep)) for level in trial.levels}
    return _truth(record.first(peer.minutes or trial.scene.minutes)), found


@lru_cache(maxsize=2)
def _recorded(scene: Scene, keep: Path) -> Recorded:
    return recorded(scene, ArrayCache(keep))


def _truth(record: Recorded) -> Truth:
    rate, modality = record.stream.sampling_rate, record.stream.modality
    return Truth.of(record.truth, rate, modality, record.hours)


class Bench:
    """Runs what is asked for, several things at once, and shows how far it is."""

    def __init__(self, asked: argparse.Namespace, pool: ProcessPoolExecutor, bar: Progress) -> None:
        self._asked, self._pool, self._bar = asked, pool, bar

    def ours(self, grade: str, modality: Modality, rate: float | None = None) -> report.Ours:
        """Judge our detector."""
        scenes = self._scenes(grade, modality, rate)
        judged = self._all(f"Myowatch, {grade} {modality} {rate or ''}", judge, scenes)
        return report.Ours.of(judged)

    def peers(self, grade: str, modality: Modality) -> tuple[list[report.Row], list[Both]]:
        """Tune the peers and judge them; a row and a choice of settings for each."""
        import peers

        minutes = min(PEER_MINUTES, self._asked.minutes)
        tuning = [Scene(grade, modality, seed, minutes) for seed in self._asked.tuning_seeds]
        what = f"{grade} {modality}"
        trials = [Trial(p.library, p.name, s, p.levels) for s, p in product(tuning, peers.PEERS)]
        tuned = self._by_peer(self._all(f"tuning, {what}", attempt, trials))
        chosen = [best(runs, modality) for runs in tuned]
        judged = self._by_peer(
            self._all(
                f"peers, {what}",
                attempt,
                self._trials(chosen, self._shorter(self._scenes(grade, modality))),
            )
        )
        rows = [
            report.Row.of(
                f"{peer.library} {peer.name}",
                [score(truth, found, both, modality) for truth, found in runs],
            )
            for peer, both, runs in zip(peers.PEERS, chosen, judged, strict=True)
        ]
        return rows, chosen

    def hearts(self, chosen: Sequence[Both]) -> list[tuple[str, float]]:
        """Twitches an hour that are reported where nothing but a heart beats."""
        import peers

        rates = [("Myowatch", self.ours(HEART, Modality.EMG).reported_per_hour)]
        trials = self._trials(chosen, self._shorter(self._scenes(HEART, Modality.EMG)))
        runs = self._by_peer(self._all("peers, heart beats", attempt, trials))
        for peer, both, those in zip(peers.PEERS, chosen, runs, strict=True):
            choice = both.twitches
            n = sum(len(twitches(f[choice.level], choice.gap_s, Modality.EMG)) for _, f in those)
            rates.append((f"{peer.library} {peer.name}", n / sum(t.hours for t, _ in those)))
        return rates

    def _scenes(self, grade: str, modality: Modality, rate: float | None = None) -> list[Scene]:
        minutes, seeds = self._asked.minutes, self._asked.seeds
        some = seeds[:SEEDS_PER_RATE] if rate else seeds
        return [Scene(grade, modality, seed, minutes, rate) for seed in some]

    @staticmethod
    def _shorter(scenes: Iterable[Scene]) -> list[Scene]:
        """Give their beginnings, which are the same samples."""
        return [replace(s, minutes=min(s.minutes, PEER_MINUTES)) for s in scenes]

    @staticmethod
    def _trials(chosen: Sequence[Both], scenes: Sequence[Scene]) -> list[Trial]:
        import peers

        return [
            Trial(p.library, p.name, s, tuple({both.twitches.level, both.cramps.level}))
            for s, (p, both) in product(scenes, zip(peers.PEERS, chosen, strict=True))
        ]

    @staticmethod
    def _by_peer(runs: list[Attempt]) -> list[list[Attempt]]:
        import peers

        return [runs[index :: len(peers.PEERS)] for index in range(len(peers.PEERS))]

    def _all(self, what: str, work: Callable[[T, Path], R], over: Iterable[T]) -> list[R]:
        """Do it for all of them; those that follow each other share a scene and a process."""
        tasks = list(over)
        bar = self._bar.add_task(what, total=len(tasks))
        results = []
        for result in self._pool.map(work, tasks, repeat(self._asked.keep)):
            results.append(result)
            self._bar.advance(bar)
        if not self._bar.console.is_terminal:
            print(f"{what}: done", file=sys.stderr, flush=True)
        return results


def run(asked: argparse.Namespace, bench: Bench) -> str:
    """Measure everything that is asked for; the page as text."""
    page = report.Page(asked.seeds, asked.tuning_seeds, asked.minutes)
    hard: list[Both] = []
    for modality, grade in product(map(Modality, asked.sensors), asked.grades):
        page.ours[modality, grade] = bench.ours(grade, modality)
        if asked.peers:
            page.peers[modality, grade], chosen = bench.peers(grade, modality)
            hard = chosen if modality is Modality.EMG else hard
        for rate in RATES[modality] if asked.rates and grade != GRADES[0] else ():
            page.rates[modality, grade, rate] = bench.ours(grade, modality, rate)
    if hard:
        page.hearts = bench.hearts(hard)
    return page.text()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add, both = parser.add_argument, argparse.BooleanOptionalAction
    add("--seeds", type=int, nargs="+", default=SEEDS, help="of the scenes that are judged")
    add("--tuning-seeds", type=int, nargs="+", default=TUNING_SEEDS, help="for the peers")
    add("--minutes", type=int, default=30, help="of each scene (%(default)s)")
    add("--grades", nargs="+", choices=GRADES, default=GRADES)
    add("--sensors", nargs="+", choices=[m.value for m in Modality], default=list(Modality))
    add("--peers", action=both, default=True, help="others beside our own detector")
    add("--rates", action=both, default=True, help="other sampling rates too")
    add("--keep", type=Path, default=DEFAULT, help="folder for what is slow to make (%(default)s)")
    add("--jobs", type=int, default=2, help="processes (%(default)s)")
    add("--out", type=Path, default=PAGE, help="page to write (docs/reference/accuracy.md)")
    asked = parser.parse_args()
    if asked.peers and importlib.util.find_spec("neurokit2") is None:
        parser.error("peers need the extra `bench` (pip install -e .[bench]); or say --no-peers")
    return asked


def main() -> None:
    asked = options()
    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    with ProcessPoolExecutor(asked.jobs) as pool, Progress(*columns) as bar:
        text = run(asked, Bench(asked, pool, bar))
    print(text)
    asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
