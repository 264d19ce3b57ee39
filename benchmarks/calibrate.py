"""Fit the confidence of events: print the table of `myowatch.signal.verdict.classification`.

Uses simulated scenes with seeds that neither development nor `accuracy.py` uses. An event is true
as in `accuracy.py`; a movement is true if long events fill half of it. Each grade has the same
weight. Prints the stated confidence and the true share, before and after the fit.

    python benchmarks/calibrate.py
"""

import argparse
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise, product, repeat
from pathlib import Path

import numpy as np
from array_cache import DEFAULT, ArrayCache
from detector_outcome import detect
from scenes import GRADES, Scene, recorded
from scipy.optimize import minimize
from scoring import Truth, overlap, spans

from myowatch.signal.model.events import Kind
from myowatch.signal.model.samples import Modality, Samples
from myowatch.signal.verdict.classification import LEAST, MOST, ConfidenceModel

SEEDS = (821, 822, 823, 824, 825, 826)
KINDS = (Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT)
LASTS = {Kind.CRAMP, Kind.MOVEMENT}
# Regularisation: the fit stays finite with few events, or events that are all true.
SHRINK = np.array([0.01, 1.0, 1.0])

Judged = tuple[float, float, float, bool]
"""SNR in dB, duration in s, confidence stated, and whether it was true."""


def judged(scene: Scene, keep: Path) -> list[tuple[Kind, Judged]]:
    """Return every event of a scene, and whether it is true."""
    record = recorded(scene, ArrayCache(keep))
    rate = record.stream.sampling_rate
    truth = Truth.of(record.truth, rate, scene.modality, record.hours)
    lasting = spans((e for e in record.truth if e.kind in LASTS), rate)
    found = detect(record)
    rows: list[tuple[Kind, Judged]] = []
    for kind in KINDS:
        events = [e for e in found if e.kind is kind]
        where = spans(events, rate)
        if kind is Kind.TWITCH:
            right = {f for _, f in truth.score_twitches(where)[1]}
        elif kind is Kind.CRAMP:
            right = {f for _, f in truth.score_cramps(where)[1]}
        else:
            right = {i for i, one in enumerate(where) if _filled(one, lasting)}
        for index, (event, (onset, offset)) in enumerate(zip(events, where, strict=True)):
            row = (event.snr_db, float(offset - onset), event.confidence, index in right)
            rows.append((kind, row))
    return rows


def _filled(one: Samples, lasting: Samples) -> bool:
    shared = np.maximum(overlap(one, lasting), 0.0).sum() if len(lasting) else 0.0
    return bool(shared >= 0.5 * (one[1] - one[0]))


def fit(rows: list[Judged], weights: Samples) -> ConfidenceModel:
    """Return the most likely model, slightly regularised."""
    snr_db, lasting_s, _, true = np.array(rows, dtype=float).T
    middle_s = float(f"{np.median(lasting_s):.2g}")
    features = np.stack([np.ones(len(rows)), (snr_db - 20) / 10, np.log(lasting_s / middle_s)])

    def cost(slopes: Samples) -> float:
        odds = slopes @ features
        return float(
            weights @ np.logaddexp(0, np.where(true > 0, -odds, odds)) + SHRINK @ slopes**2
        )

    even, per_10_db, per_e_fold = minimize(cost, np.array([2.0, 0.0, 0.0])).x.round(2).tolist()
    return ConfidenceModel(even, per_10_db, per_e_fold, middle_s)


def report(name: str, stated: Samples, true: Samples) -> None:
    """Print the stated confidence and the true share of each bin."""
    edges = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01]
    cells = []
    for low, high in pairwise(edges):
        inside = (stated >= low) & (stated < high)
        if inside.any():
            cells.append(f"{stated[inside].mean():.2f}->{true[inside].mean():.2f} ({inside.sum()})")
    print(f"    # {name}: " + "  ".join(cells))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--keep", type=Path, default=DEFAULT)
    asked = parser.parse_args()
    scenes = [Scene(g, m, s, asked.minutes) for m, g, s in product(Modality, GRADES, asked.seeds)]
    rows: dict[tuple[Modality, Kind], list[tuple[str, Judged]]] = defaultdict(list)
    with ProcessPoolExecutor(2) as pool:
        for scene, found in zip(scenes, pool.map(judged, scenes, repeat(asked.keep)), strict=True):
            for kind, row in found:
                rows[scene.modality, kind].append((scene.grade, row))
    for (modality, kind), graded in rows.items():
        values = [row for _, row in graded]
        counts = {grade: sum(g == grade for g, _ in graded) for grade in GRADES}
        weights = np.array([len(graded) / (len(GRADES) * counts[g]) for g, _ in graded])
        odds = fit(values, weights)
        print(f"        (Modality.{modality.name}, Kind.{kind.name}): {odds},")
        stated, true = np.array([(v[2], v[3]) for v in values], dtype=float).T
        report("stated before", stated, true)
        fitted = np.array([np.clip(odds.share(v[0], v[1]), LEAST, MOST) for v in values])
        report("stated after", fitted, true)


if __name__ == "__main__":
    main()
