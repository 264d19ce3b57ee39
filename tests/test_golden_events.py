"""Detection gives the same events as when they were written to `data/golden_events.csv`."""

import pytest
from golden_events import by_stream, cases, golden

CASES = cases()
GOLDEN = golden()


def test_every_case_has_golden_events_and_no_other_is_kept() -> None:
    assert CASES.keys() == GOLDEN.keys()
    assert sum(len(lines) for lines in GOLDEN.values()) > 1000


@pytest.mark.parametrize("case", CASES)
def test_events_are_the_golden_ones_to_the_last_digit(case: str) -> None:
    assert by_stream(CASES[case]()) == by_stream(GOLDEN[case])
