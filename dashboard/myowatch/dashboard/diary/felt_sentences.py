"""How felt and detected agree, said in sentences; for the Diary and Sessions pages."""

from myowatch.dashboard.diary import diary_text as words
from myowatch.signal.statistics.felt_agreement import Felt, Share


def felt_sentences(felt: Felt) -> list[str]:
    """Return what `felt_agreement` found, one fact a sentence."""
    if not felt.presses.of and not felt.unscored:
        return [words.NONE]
    said = []
    if felt.presses.of:
        of_presses = words.PRESSES.format(
            of=felt.presses.of, count=felt.presses.count, reaction=felt.reaction_s
        )
        of_twitches = words.TWITCHES.format(of=felt.twitches.of, count=felt.twitches.count)
        said = [of_presses + _beside_chance(felt.presses)]
        if felt.twitches.of:
            said.append(of_twitches + _beside_chance(felt.twitches))
    if felt.unscored:
        said.append(words.UNSCORED.format(count=felt.unscored))
    return said


def _beside_chance(share: Share) -> str:
    if share.interval is None:
        return words.VERDICTS[share.verdict]
    low, high = share.interval
    found = words.SHARE.format(
        share=f"{share.count / share.of:.0%}",
        low=f"{low:.0%}",
        high=f"{high:.0%}",
        chance=f"{share.chance:.0%}",
    )
    return found + words.VERDICTS[share.verdict]
