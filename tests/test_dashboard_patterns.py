"""The patterns of a session as text."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from recorded_sessions import ACC, EMG, record_session
from streamlit.testing.v1 import AppTest

from myowatch.dashboard.sessions import patterns
from myowatch.dashboard.sessions import sessions_text as words
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.statistics.reference_rates import reference_of
from myowatch.signal.statistics.stream_statistics import Statistics, statistics

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
MINUTES = 70


def found(
    onsets_s: list[float],
    movements_s: list[float] | None = None,
    numbers: Mapping[int, int | None] | None = None,
) -> Statistics:
    events = [
        Event("EMG", Kind.TWITCH, round(1000 * at), round(1000 * at) + 12, 80.0, count=1)
        for at in onsets_s
    ]
    events += [
        Event("EMG", Kind.MOVEMENT, round(1000 * at), round(1000 * at) + 2000, 300.0)
        for at in movements_s or []
    ]
    return statistics(EMG, MINUTES * 60_000, events, numbers)


def said(statistics_found: Statistics, twitches: int, *, running: bool = False) -> dict[str, str]:
    return dict(patterns.rows(statistics_found, EMG, twitches, running=running))


def test_a_quiet_night_has_no_text() -> None:
    assert said(found([]), 0) == {}
    assert patterns.scatter(found([])) == ""


def test_a_few_twitches_have_a_size_and_no_intervals() -> None:
    assert list(said(found([10.0, 20.0]), 2)) == [words.SIZE, words.DOUBLETS]


@pytest.mark.parametrize(
    ("onsets_s", "regularity"),
    [
        ([5.0 * i for i in range(40)], "even"),
        (np.cumsum(np.random.default_rng(0).exponential(5, 100)).tolist(), "chance"),
        ([60.0 * i + 1.3 * j for i in range(12) for j in range(5)], "bunched"),
    ],
    ids=["a clock", "chance", "bunches"],
)
def test_regularity_is_claimed_only_when_it_is_more_than_chance(
    onsets_s: list[float], regularity: str
) -> None:
    sentence = said(found(onsets_s), len(onsets_s))[words.BETWEEN]
    assert sentence.endswith(words.REGULARITY[regularity])


def test_fewer_than_twenty_intervals_claim_no_regularity() -> None:
    sentence = said(found([5.0 * i for i in range(20)]), 20)[words.BETWEEN]
    assert sentence.strip().endswith("to 5.0 s.")


def test_long_times_are_in_minutes_and_short_ones_in_hundredths() -> None:
    sentence = said(found([200.0 * i for i in range(8)]), 8)[words.BETWEEN]
    assert sentence.startswith("3.3 min at the median; half of them from 3.3 min to 3.3 min.")
    assert said(found([0.3 * i for i in range(8)]), 8)[words.BETWEEN].startswith("0.30 s at")


def test_clusters_are_compared_with_chance() -> None:
    sentence = said(found([60.0 * i + 0.8 * j for i in range(12) for j in range(4)]), 48)
    assert sentence[words.CLUSTERS].startswith("12 of three or more twitches")
    assert "largest of 4" in sentence[words.CLUSTERS]
    assert said(found([60.0 * i for i in range(12)]), 12)[words.CLUSTERS] == words.NO_CLUSTERS


def test_the_most_frequent_shapes_are_named_and_the_others_counted() -> None:
    onsets_s = [10.0 * i for i in range(30)]
    shapes = {10_000 * i: i % 5 + 1 for i in range(29)} | {290_000: None}
    sentence = said(found(onsets_s, numbers=shapes), 30)[words.AGAIN]
    assert sentence.startswith("5 shapes of twitch came three times or more: one 6 times (80 µV)")
    assert "2 more" in sentence
    one_each = {10_000 * i: i for i in range(30)}
    assert said(found(onsets_s, numbers=one_each), 30)[words.AGAIN] == words.NONE_AGAIN


def test_shapes_are_not_shown_during_a_recording() -> None:
    running = said(found([10.0, 20.0]), 2, running=True)
    assert running[words.AGAIN] == words.LATER_AGAIN


def test_periodic_movements_are_given_by_both_rules() -> None:
    sentence = said(found([], [20.0, 27.0, 34.0, 41.0, 48.0]), 0)[words.PERIODIC]
    assert sentence == (
        "5 movements in 1 series, 4.3 an hour of scored time, by the rules of AASM; "
        f"no series by the rules of WASM 2016. {words.PERIODIC_NOTE}"
    )
    alike = said(found([], [20.0, 40.0, 60.0, 80.0]), 0)[words.PERIODIC]
    assert "by the rules of AASM and of WASM 2016." in alike


def test_clustered_counts_widen_the_interval_in_the_text() -> None:
    storms = [60.0 * 7 * i + 2.0 * j for i in range(10) for j in range(25)]
    assert re.search(
        r"less sure than that: \d\.\d to \d\.\d a minute", patterns.scatter(found(storms))
    )


@pytest.mark.parametrize(
    ("site", "says"),
    [
        ("left-shin", "never had more than 3 twitches a minute in the tibialis anterior"),
        ("left-foot", "now and then had more than 100 twitches a minute in the abductor hallucis"),
        ("left-calf", "had twitches in the gastrocnemius too"),
    ],
)
def test_references_are_sentences_with_their_source_and_no_limit(site: str, says: str) -> None:
    known = reference_of(replace(EMG, site=site))
    assert known is not None
    sentence = patterns.reference(known).replace("\\", "")
    assert says in sentence
    assert "van der Heijden" in sentence
    assert "no limit" in sentence
    assert "alarm" not in sentence


def test_an_accelerometers_sizes_are_in_g() -> None:
    event = Event("ACC", Kind.TWITCH, 1000, 1020, 0.0123456)
    table = dict(patterns.rows(statistics(ACC, 60_000, [event]), ACC, 1, running=False))
    assert "0.0123 g" in table[words.SIZE]


def test_the_sessions_page_has_the_patterns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    record_session(tmp_path, "20261123-220411-k3f")
    app = AppTest.from_file(MAIN, default_timeout=30).run()
    app.switch_page("sessions.py").run()
    app.segmented_control(key="way").set_value("patterns").run()
    assert not app.exception
    shown = "\n".join(element.value for element in app.markdown)
    assert f"| {words.DOUBLETS} | 1 of 1 twitches" in shown
    assert words.NONE_AGAIN in shown
