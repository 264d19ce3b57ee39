"""The diary of a period, in words."""

from collections.abc import Iterator

from myowatch.dashboard.report import phrases
from myowatch.dashboard.report.contents import DiarySummary, Report, Spread
from myowatch.dashboard.report.document import Block, Paragraph, Section, Table
from myowatch.dashboard.words import report as words
from myowatch.recordings.diary.values import as_text

NOTES_SHOWN = 6
LONGEST = 240
"""Letters of a note; more is for a conversation."""


def diary(report: Report) -> Section:
    """Say what was said, each answer with how many days it is of."""
    found = report.diary
    blocks: list[Block] = []
    if found.numbers:
        rows = tuple(
            (
                words.DIARY[name],
                phrases.number(spread.median),
                _ends(spread),
                str(spread.days),
            )
            for name, spread in found.numbers.items()
        )
        table = Table(words.DIARY_HEADINGS, rows, (0, 0, 0, 0), right=(1, 3))
        blocks.append(table.without_empty(words.ABSENT))
    blocks += _lines(found, report.felt)
    return Section(words.DIARY_TITLE, tuple(blocks) or (Paragraph(words.DIARY_NONE),))


def _ends(found: Spread) -> str:
    if found.days == 1:
        return words.ABSENT
    least, most = phrases.number(found.least), phrases.number(found.most)
    return words.INTERVAL.format(low=least, high=most)


def _lines(found: DiarySummary, felt: int) -> Iterator[Paragraph]:
    if found.cramps is not None:
        yield Paragraph(str(found.cramps), label=words.DIARY_CRAMPS)
    if felt:
        yield Paragraph(str(felt), label=words.DIARY_FELT)
    for name in found.latest:
        yield Paragraph(_latest(found, name), label=words.DIARY_LATEST[name])
    if found.changed:
        days = words.JOIN.join(phrases.day(day) for day in found.changed[-NOTES_SHOWN:])
        yield Paragraph(days, label=words.DIARY_CHANGED)
    if found.notes:
        notes = words.JOIN.join(
            words.DIARY_NOTE.format(day=phrases.day(day), note=phrases.cut(note, LONGEST))
            for day, note in found.notes[-NOTES_SHOWN:]
        )
        yield Paragraph(notes, label=words.DIARY_NOTES, small=True)


def _latest(found: DiarySummary, name: str) -> str:
    day, value = found.latest[name]
    said = {
        "value": phrases.cut(as_text(value), LONGEST),
        "unit": words.DIARY_UNITS.get(name, ""),
        "day": phrases.day(day),
    }
    if name not in found.first or name == "medicines":
        return words.DIARY_ONE.format(**said)
    first, before = found.first[name]
    return words.DIARY_TWO.format(before=as_text(before), first=phrases.day(first), **said)
