"""When to seek help, and what a twitch is."""

from myowatch.dashboard.learn.section import Section, Table

SEEK_HELP = Section(
    "seek-help",
    "When to see a professional",
    (4,),
    says=(
        "See a doctor if any one of these is true. None of them says what the cause is. Having it "
        "looked at early gives more choice, whatever it turns out to be.",
    ),
    table=Table(
        ("What", "How it is known"),
        (
            (
                "Twitching has gone on for several weeks and does not get better",
                "The weekly rate here, and your own impression",
            ),
            (
                "Weakness comes with it, or a muscle has become smaller",
                "Only you can say; a tape around the thigh, or how often you can stand up from a "
                "chair, may help",
            ),
            ("Strong pain, numbness or tingling comes with it", "Only you can say"),
            (
                "It spreads to other parts of the body",
                "A sensor at a second place, and your own impression",
            ),
            ("Reflexes or coordination have changed", "Only you, or who examines you, can say"),
            ("A disorder of the nervous system runs in the family", "Asked once"),
        ),
    ),
    notes=(
        "A high count alone is none of these: healthy muscles, those of the feet above all, may "
        "twitch very often (Myowatch's note: see the page When to seek help and docs/numbers.md).",
    ),
    also="threshold warning red flag doctor neurologist worry wasting atrophy reflex",
)
DIFFERENCE = Section(
    "twitch-or-cramp",
    "Twitch or cramp",
    (1, 11, 18),
    says=(
        "Both come without being wanted. A twitch, which doctors call a fasciculation, is a small "
        "flicker; most are harmless. A cramp is a muscle that tightens and holds.",
    ),
    table=Table(
        ("What differs", "Twitch", "Cramp"),
        (
            ("Duration", "brief", "prolonged"),
            ("Strength", "small", "intense"),
            ("Pain", "often none", "typically painful"),
            ("Extent", "usually one spot", "may take whole groups of muscles"),
            (
                "Common causes",
                "stress, caffeine, dehydration",
                "dehydration, electrolytes out of balance, overexertion",
            ),
        ),
    ),
    notes=(
        "Myowatch tells them apart by their duration. The article gives no numbers; ours, with "
        "their sources, stand under Settings and may be changed there.",
    ),
    also="fasciculation spasm charley horse difference",
)
SIGNS = (SEEK_HELP, DIFFERENCE)
