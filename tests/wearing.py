"""Weeks of wear for the tests of thresholds and of what shows them."""

from datetime import date, timedelta

from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.model.samples import Modality

TODAY = date(2026, 11, 23)
NIGHT_S = 8 * 3600.0


def wear(
    back: int,
    rate: float,
    site: str = "left-thigh",
    *,
    hours: float = 8.0,
    night: bool = True,
    modality: Modality = Modality.EMG,
) -> Wear:
    """Return a session `days_ago` with a rate of twitches."""
    day = TODAY - timedelta(days=back)
    return Wear(site, day, modality, round(rate * 60 * hours), 3600 * hours, night)


def nights(rates: dict[int, float], site: str = "left-thigh") -> list[Wear]:
    """Return nights, by how many days ago they were."""
    return [wear(back, rate, site) for back, rate in rates.items()]


def every_night(rate: float, n: int = 21, site: str = "left-thigh") -> list[Wear]:
    """Return equal nights up to today."""
    return nights(dict.fromkeys(range(n), rate), site)
