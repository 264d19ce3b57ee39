"""The fields of a day, in the order in which they are asked.

The six questions are those of the article's section 4. What follows them is what its sections 2,
3, 5, 7, 9 and 18 tie to twitching. Limits only catch slips of the hand: they are no advice.
"""

from dataclasses import dataclass
from typing import Final

from myowatch.recordings.diary.values import Day, Kind, Number, Places, Text, YesNo

WORST: Final = 10
SCALE: Final = Number(0, WORST)
"""A numeric rating from none to the worst; the 11 points that pain is rated by in clinics."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be said.

    Parameters
    ----------
    name
        As in files and on the command line; ends with its unit where it has one.
    once
        Said once, not of a day.
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
    """Return the field of that name.

    Raises
    ------
    ValueError
        If there is none.
    """
    if name not in FIELDS:
        raise ValueError(f"no field is called {name!r}")
    return FIELDS[name]
