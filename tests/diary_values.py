"""Values that fit each field of the diary, for the property tests."""

from datetime import date, timedelta

from hypothesis import strategies as st

from myowatch.recordings.wearer.diary import Change
from myowatch.recordings.wearer.diary_fields import (
    FIELDS,
    Day,
    Kind,
    Number,
    Places,
    Text,
    Value,
    YesNo,
)

MONDAY = date(2024, 11, 18)
days = st.integers(0, 6).map(lambda later: MONDAY + timedelta(days=later))
words = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n=+-@'\t,;\""))


def values_of(kind: Kind) -> st.SearchStrategy[Value]:
    """Draw a valid value of a kind in its stored form."""
    match kind:
        case YesNo():
            return st.booleans()
        case Number(low, high, step):
            whole = st.integers(int(low), int(high))
            return whole if step == 1 else whole | st.floats(low, high).map(kind.read)
        case Day():
            return st.dates(date(2000, 1, 1), MONDAY)
        case Places():
            place = st.sampled_from(["left calf", "right hand", "=cmd|' /C calc'!A0", "-1", "'"])
            return st.lists(place, min_size=1, unique=True).map(tuple)
        case Text(longest):
            return words.map(lambda text: text[:longest].strip()).filter(bool).map(kind.read)


@st.composite
def changes(draw: st.DrawFn, *, taken_back: bool = True) -> Change:
    """Draw a change of one field on one day of a week."""
    field = draw(st.sampled_from(list(FIELDS.values())))
    values: st.SearchStrategy[Value | None] = values_of(field.kind)
    value = draw(st.none() | values if taken_back else values)
    return Change(None if field.once else draw(days), field.name, value)
