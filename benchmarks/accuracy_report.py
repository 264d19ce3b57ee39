"""The page about accuracy."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from detector_outcome import Fates, Outcome, reliability
from scoring import TOLERANCE_S, Score, total

from myowatch.signal.model.samples import Modality, Samples

INTRODUCTION = """# Accuracy

`python benchmarks/accuracy.py` writes this page. It runs scenes of the simulator with the seeds
{seeds}, {minutes} minutes each. Our detector takes one sample after another, without hints.
{peers}

These figures are not clinical claims: a simulator contains only what its authors thought of.
Results on real recordings are in [detection](../explanation/detection.md#real-recordings).

A twitch counts as found within {emg:.0f} ms (accelerometer {acc:.0f} ms) of its onset or by
overlap, each report once. A cramp counts as found by a report that covers more than half of it.
False reports count everywhere except in time that cannot be scored.
"""
PEERS = """
The other detectors see the whole record, filtered without delay and without mains. They use our
rule of durations (to a quarter of a second a twitch, from six seconds a cramp). Their thresholds
and shortest gaps were chosen for twitches and for cramps separately, by their F1 on {tuning}
of the same grade. They run on the beginning of each scene, slow ones on less of it."""
NO_PEERS = """
Other detectors were left out (`--no-peers`); with them it takes half an hour and more."""
FINDABLE = """
*Findable* is what an observer finds who knows the shape of each twitch and the noise around it,
with one false alarm an hour for each shape (`benchmarks/matched_filter_bound.py`).
"""
BEST_PEER = """
The best of the other detectors, by its F1 for twitches, and the best F1 for cramps of any of them:

"""
REPORTED = ("twitch", "cramp", "movement", "rejected", "not scorable", "nothing")
FIGURES = ("twitch F1", "false an hour", "cramp F1", "onset error, ms")


@dataclass(frozen=True, slots=True)
class Row:
    """One detector on one kind of scene."""

    name: str
    twitches: Score
    cramps: Score

    @classmethod
    def of(cls, name: str, scores: Sequence[tuple[Score, Score]]) -> "Row":
        """Add up scenes."""
        return cls(name, total(t for t, _ in scores), total(c for _, c in scores))

    def figures(self) -> list[str]:
        """Give the cells under `FIGURES`."""
        twitches = self.twitches
        return [
            f"{twitches.f1:.3f}",
            f"{twitches.false_per_hour:.1f}",
            f"{self.cramps.f1:.2f}",
            f"{twitches.onset_error_ms:.1f}" if twitches.found else "none found",
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Ours:
    """Our detector on all scenes of a kind, and the share of twitches that could be found."""

    outcomes: tuple[Outcome, ...]
    findable: float

    @classmethod
    def of(cls, judged: Sequence[tuple[Outcome, Samples]]) -> "Ours":
        """Gather what was judged scene by scene."""
        recalls = np.concatenate([recall for _, recall in judged])
        share = float(recalls.mean()) if len(recalls) else float("nan")
        return cls(tuple(outcome for outcome, _ in judged), share)

    @property
    def row(self) -> Row:
        """Line of the tables."""
        return Row.of("**Myowatch**", [(o.twitches, o.cramps) for o in self.outcomes])

    @property
    def reported_per_hour(self) -> float:
        """Twitches and cramps an hour, true or false."""
        row = self.row
        n = sum(score.found + score.false for score in (row.twitches, row.cramps))
        return n / row.twitches.hours

    def share_found(self) -> str:
        """How many of the twitches were found, and how many could be."""
        twitches = self.row.twitches
        all_of_them = twitches.found + twitches.missed
        found = f"{twitches.found / all_of_them:.1%} of {all_of_them}" if all_of_them else "none"
        return f"{found}, findable {self.findable:.1%}"


Kinds = tuple[Modality, str]


@dataclass(slots=True)
class Page:
    """Everything measured, by sensor and grade; becomes the page."""

    seeds: Sequence[int]
    tuning_seeds: Sequence[int]
    minutes: int
    ours: dict[Kinds, Ours] = field(default_factory=dict)
    peers: dict[Kinds, list[Row]] = field(default_factory=dict)
    rates: dict[tuple[Modality, str, int], Ours] = field(default_factory=dict)
    hearts: list[tuple[str, float]] = field(default_factory=list)

    def text(self) -> str:
        """Give it as Markdown."""
        sections = [
            self._introduction(),
            self._summary(),
            *self._comparisons(),
            self._other_rates(),
            self._heart_beats(),
            self._fates(),
            self._causes(),
            self._confidence(),
        ]
        return "\n".join(section for section in sections if section)

    def _introduction(self) -> str:
        emg, acc = (TOLERANCE_S[m] * 1e3 for m in (Modality.EMG, Modality.ACCELEROMETER))
        seeds, tuning = _listed(self.seeds), f"seeds {_listed(self.tuning_seeds)}"
        peers = PEERS.format(tuning=tuning) if self.peers else NO_PEERS
        return INTRODUCTION.format(seeds=seeds, peers=peers, minutes=self.minutes, emg=emg, acc=acc)

    def _summary(self) -> str:
        """Return our figures with what could be found, and those of the best other detectors."""
        rows, others = [], []
        for kind, ours in self.ours.items():
            peers = self.peers.get(kind, [])
            best = max(peers, key=lambda r: np.nan_to_num(r.twitches.f1), default=None)
            cramps = max((np.nan_to_num(r.cramps.f1) for r in peers), default=float("nan"))
            rows.append([_title(*kind), *ours.row.figures(), ours.share_found()])
            if best:
                f1, false = f"{best.twitches.f1:.3f}", f"{best.twitches.false_per_hour:.0f}"
                others.append([_title(*kind), best.name, f1, false, f"{cramps:.2f}"])
        text = "## Summary\n\n" + _table(["scenes", *FIGURES, "twitches found"], rows) + FINDABLE
        if others:
            head = ["scenes", "best other detector", "twitch F1", "false an hour", "best cramp F1"]
            text += BEST_PEER + _table(head, others)
        return text

    def _comparisons(self) -> Iterable[str]:
        """One table for each sensor and grade."""
        for kind, peers in self.peers.items():
            ranked = sorted(peers, key=lambda r: -np.nan_to_num(r.twitches.f1))
            rows = [
                [row.name, *row.figures(), f"{row.twitches.hours * 60:.0f}"]
                for row in (self.ours[kind].row, *ranked)
            ]
            yield f"## {_title(*kind)}\n\n" + _table(("method", *FIGURES, "minutes"), rows)

    def _other_rates(self) -> str:
        if not self.rates:
            return ""
        rows = [
            [_title(modality, grade), f"{rate} Hz", *ours.row.figures(), ours.share_found()]
            for (modality, grade, rate), ours in self.rates.items()
        ]
        head = ("scenes", "sampling rate", *FIGURES, "twitches found")
        return "## Other sampling rates\n\n" + _table(head, rows)

    def _heart_beats(self) -> str:
        if not self.hearts:
            return ""
        intro = (
            "A quiet muscle under strong heart beats. The other detectors have the thresholds "
            "chosen for the hardest scenes.\n\n"
        )
        rows = [[name, f"{rate:.0f}"] for name, rate in self.hearts]
        return "## Heart beats alone\n\n" + intro + _table(("method", "reports an hour"), rows)

    def _fates(self) -> str:
        """Count what each true event was mostly reported as."""
        rows = []
        for kind, ours in self.ours.items():
            fates: Fates = sum((o.fates for o in ours.outcomes), Counter())
            for there in sorted({there for there, _ in fates}):
                counts = [str(fates[there, reported] or "") for reported in REPORTED]
                rows.append([_title(*kind), there, *counts])
        return "## Reports of true events\n\n" + _table(("scenes", "true event", *REPORTED), rows)

    def _causes(self) -> str:
        """Count what lay under false reports."""
        rows = []
        for kind, ours in self.ours.items():
            causes: Fates = sum((o.causes for o in ours.outcomes), Counter())
            for reported in ("twitch", "cramp"):
                of_it = [f"{c} {n}" for (c, r), n in causes.most_common() if r == reported]
                rows.append([_title(*kind), reported, ", ".join(of_it) or "no false reports"])
        head = ("scenes", "reported", "cause")
        return "## Causes of false reports\n\n" + _table(head, rows)

    def _confidence(self) -> str:
        rows = []
        for modality in dict.fromkeys(modality for modality, _ in self.ours):
            those = [ours for kind, ours in self.ours.items() if kind[0] is modality]
            stated = [pair for ours in those for o in ours.outcomes for pair in o.confidence]
            rows += [
                [str(modality), f"{low:.2f} to {high:.2f}", str(n), f"{share:.2f}"]
                for low, high, n, share in reliability(stated)
                if n
            ]
        intro = "Twitches and cramps of all grades.\n\n"
        head = ("sensor", "confidence stated", "reports", "share that was true")
        return "## Calibration of confidence\n\n" + intro + _table(head, rows)


def _title(modality: Modality, grade: str) -> str:
    name = "EMG" if modality is Modality.EMG else str(modality).capitalize()
    return f"{name}, {grade}"


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(row) + " |\n" for row in cells)
