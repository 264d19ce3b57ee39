"""The `statistics` of a stream in the JSON of `analyze` and `export`; docs/numbers.md explains."""

from dataclasses import asdict
from typing import Any

from myowatch.signal.clusters import AT_LEAST, CLUSTER_S
from myowatch.signal.dispersion import Dispersion
from myowatch.signal.intervals import ISOLATED_S
from myowatch.signal.periodic import PeriodicMovements
from myowatch.signal.recurrence import AGAIN, Recurrence
from myowatch.signal.statistics import Statistics

Json = dict[str, Any]
_DIGITS = 7
"""Significant ones: a tenth of a second of a week."""


def statistics_as_json(found: Statistics, rate: float) -> Json:
    """Return what `docs/numbers.md` lists under `statistics`; what nobody can tell is null.

    Parameters
    ----------
    rate
        The stream's sampling rate, Hz.
    """
    said: Json = {
        "intervals": asdict(found.intervals),
        "isolation": {"within_s": ISOLATED_S} | asdict(found.isolation),
        "clusters": {"within_s": CLUSTER_S, "at_least": AT_LEAST} | asdict(found.clusters),
        "dispersion": _dispersion(found.dispersion),
        "amplitude": asdict(found.amplitude),
        "doublets": {"count": found.doublets, "share": found.doublet_share},
        "periodic_movements": {one.rules: _periodic(one) for one in found.periodic},
        "recurrence": _recurrence(found.recurrence, rate) if found.recurrence else None,
        "reference": asdict(found.reference) if found.reference else None,
    }
    rounded: Json = _rounded(said)
    return rounded


def _dispersion(found: Dispersion) -> Json:
    return {
        "minutes": found.minutes,
        "index": found.index,
        "p": found.p,
        "poisson": found.is_poisson,
        "twitches_per_min_ci95": found.ci95,
    }


def _periodic(found: PeriodicMovements) -> Json:
    return {key: value for key, value in asdict(found).items() if key != "rules"}


def _recurrence(found: Recurrence, rate: float) -> Json:
    return {
        "at_least": AGAIN,
        "shapes": [
            {
                "shape": one.shape,
                "twitches": one.twitches,
                "first_s": one.first / rate,
                "last_s": one.last / rate,
                "median_peak": one.median_peak,
            }
            for one in found.shapes
        ],
        "rare": found.rare,
        "not_compared": found.not_compared,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
