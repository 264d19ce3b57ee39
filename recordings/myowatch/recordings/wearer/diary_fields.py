"""The fields of the diary, and the values that each accepts."""

import math
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

Value = bool | int | float | str | date | tuple[str, ...]

EARLIEST = date(1900, 1, 1)
LONGEST_PLACE = 40
MOST_PLACES = 20
SEPARATOR = ";"
"""Separates places in a CSV cell; not allowed in the name of a place."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""

    def read(self, value: object) -> bool:
        """Return the answer."""
        known = {"yes": True, "no": False}
        if isinstance(value, str) and value.strip().lower() in known:
            return known[value.strip().lower()]
        if not isinstance(value, bool):
            raise ValueError(f"need yes or no, got {value!r}")
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A number within limits.

    Parameters
    ----------
    step
        Step of the page's plus and minus buttons; with 1, only whole numbers are valid.
    """

    low: float
    high: float
    step: float = 1

    def read(self, value: object) -> float:
        """Return the number, an `int` where it is whole."""
        number = self._number(value)
        whole = number.is_integer()
        if not self.low <= number <= self.high or (self.step == 1 and not whole):
            kind = "a whole number" if self.step == 1 else "a number"
            raise ValueError(f"need {kind} from {self.low:g} to {self.high:g}, got {value}")
        return int(number) if whole else number

    @staticmethod
    def _number(value: object) -> float:
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            try:
                number = float(value)
            except (ValueError, OverflowError):
                number = math.nan
            # Python reads `1_0` and digits of other scripts as numbers; a person mistyped them.
            plain = not isinstance(value, str) or (value.isascii() and "_" not in value)
            if math.isfinite(number) and plain:
                return number
        raise ValueError(f"need a number, got {value!r}")


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    def read(self, value: object) -> date:
        """Return the date, from `2026-11-23`."""
        try:
            day = value if isinstance(value, date) else _iso_date(value)
        except ValueError:
            raise ValueError(f"need a date such as 2026-11-23, got {value!r}") from None
        if day < EARLIEST:
            raise ValueError(f"need a date from {EARLIEST}, got {day}")
        return day


@dataclass(frozen=True, slots=True)
class Places:
    """Where on the body: `left calf`, `right hand`, in the wearer's words."""

    def read(self, value: object) -> tuple[str, ...]:
        """Return the places in order, without duplicates."""
        parts = value.split(SEPARATOR) if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)) or not all(isinstance(p, str) for p in parts):
            raise ValueError(f"need a list of places, got {value!r}")
        return _places(tuple(parts))


@dataclass(frozen=True, slots=True)
class Text:
    """Free text; line ends become line feeds, outer spaces and control characters are removed."""

    longest: int

    def read(self, value: object) -> str:
        """Return the text."""
        if not isinstance(value, str):
            raise ValueError(f"need text, got {value!r}")
        text = _clean(value)
        if not 0 < len(text) <= self.longest:
            raise ValueError(f"need 1 to {self.longest} letters, got {len(text)}")
        return text


Kind = YesNo | Number | Day | Places | Text


def as_json(value: Value) -> bool | float | str | list[str]:
    """Return the value in its JSON form."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def as_text(value: Value) -> str:
    """Return the value as a CSV cell; `read` accepts it.

    Examples
    --------
    >>> as_text(True), as_text(7.5), as_text(("left calf", "right hand"))
    ('yes', '7.5', 'left calf; right hand')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"{SEPARATOR} ".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _iso_date(value: object) -> date:
    # Python also reads 20261123 and 2026-W48-1; other programs do not.
    if isinstance(value, str) and len(value) == len("2026-11-23"):
        found = date.fromisoformat(value)
        if found.isoformat() == value:
            return found
    raise ValueError


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.encode("utf-8", "replace").decode()  # removes unpaired surrogates
    return "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


@lru_cache(maxsize=1000)  # the same places every day
def _places(parts: tuple[str, ...]) -> tuple[str, ...]:
    places = tuple(dict.fromkeys(name for part in parts if (name := " ".join(part.split()))))
    if not places or len(places) > MOST_PLACES:
        raise ValueError(f"need 1 to {MOST_PLACES} places, got {len(places)}")
    for place in places:
        if len(place) > LONGEST_PLACE or not place.isprintable() or SEPARATOR in place:
            raise ValueError(
                f"need a place of at most {LONGEST_PLACE} letters without {SEPARATOR!r}, "
                f"got {place!r}"
            )
    return places


WORST: Final = 10
SCALE: Final = Number(0, WORST)
"""The 11-point numeric rating scale that clinics use for pain."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Parameters
    ----------
    name
        As in files and on the command line, with its unit at the end.
    once
        Has one value, not one for each day.
    """

    name: str
    kind: Kind
    once: bool = False


_ALL = (
    Field("persistent", YesNo()),
    Field("persistent_since", Day()),
    Field("weakness", YesNo()),
    Field("weakness_where", Places()),
    Field("weakness_severity", SCALE),
    Field("weakness_since", Day()),
    Field("pain_numbness", YesNo()),
    Field("pain_numbness_where", Places()),
    Field("pain_numbness_severity", SCALE),
    Field("pain_numbness_since", Day()),
    Field("spread", YesNo()),
    Field("spread_where", Places()),
    Field("spread_since", Day()),
    Field("reflexes", YesNo()),
    Field("reflexes_where", Places()),
    Field("reflexes_severity", SCALE),
    Field("reflexes_since", Day()),
    Field("family_history", YesNo(), once=True),
    Field("family_history_who", Text(500), once=True),
    Field("caffeine_drinks", Number(0, 50)),
    Field("alcohol_drinks", Number(0, 50)),
    Field("sleep_h", Number(0, 24, step=0.5)),
    Field("sleep_quality", SCALE),
    Field("stress", SCALE),
    Field("exercise_min", Number(0, 1440)),
    Field("exercise_effort", SCALE),
    Field("fluids_l", Number(0, 20, step=0.5)),
    Field("medicines", Text(1000)),
    Field("medicines_changed", YesNo()),
    Field("cramps", Number(0, 200)),
    Field("cramps_where", Places()),
    Field("thigh_left_cm", Number(10, 150, step=0.5)),
    Field("thigh_right_cm", Number(10, 150, step=0.5)),
    Field("chair_stands", Number(0, 100)),
    Field("note", Text(5000)),
)
FIELDS: Final = {field.name: field for field in _ALL}


def field_of(name: str) -> Field:
    """Return a field by its name.

    Raises
    ------
    ValueError
        If the name is unknown.
    """
    if name not in FIELDS:
        raise ValueError(f"no field is called {name!r}")
    return FIELDS[name]
