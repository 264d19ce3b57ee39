"""What people can do themselves."""

from myowatch.dashboard.learn.section import Section, Table

NOW = Section(
    "right-now",
    "What to do right now",
    (17,),
    points=(
        "Stretch the muscle gently.",
        "Put something warm on it (a warm compress).",
        "Massage it.",
        "Drink water.",
        "Rest.",
    ),
    also="immediate relief quick cramp help stop",
)
SELF_CARE = Section(
    "self-care",
    "Self-care",
    (5, 9, 15),
    table=Table(
        ("What", "How"),
        (
            ("Drink enough", "through the day, and before, during and after exercise"),
            ("Electrolytes", "bananas, oranges, coconut water"),
            ("Eat well", "leafy greens, nuts, seeds, dairy, lean protein"),
            (
                "Stretch",
                "front of the thigh (quadriceps), back of the thigh (hamstring), calf; lunges and "
                "squats",
            ),
            ("Lower stress", "meditation, deep breathing, yoga, sleep, counselling"),
            ("Less caffeine and alcohol", "and see over a week or two what changes (the diary)"),
            (
                "Magnesium",
                "as glycinate or citrate, and only after asking a professional",
            ),
            ("Warmth and massage", "a warm compress, massage"),
        ),
    ),
    also="home remedy hydration food supplement coffee heat exercise water",
)
PREVENTION = Section(
    "prevention",
    "Prevention",
    (20,),
    says=("What helps against twitching helps to keep it away:",),
    points=(
        "enough water, around exercise too",
        "a balanced diet with potassium, calcium and magnesium",
        "regular stretching, and rest after effort",
        "less stress, and enough sleep",
        "less caffeine and alcohol",
    ),
    also="avoid prevent habits hydration coffee",
)
STRESS = Section(
    "stress",
    "Stress",
    (9,),
    says=(
        "Under stress the body gives out hormones, cortisol and adrenaline among them. They "
        "tighten muscles, make reflexes stronger and slow recovery.",
        "What helps: meditation, deep breathing, yoga, sleep, counselling.",
    ),
    also="anxiety worry relax tension",
)
NUTRIENTS = Section(
    "electrolytes",
    "Electrolytes and nutrients",
    (7, 10),
    table=Table(
        ("What", "What it does"),
        (
            ("Sodium", "keeps fluids in balance, carries nerve impulses"),
            ("Potassium", "muscle contraction, nerve function"),
            ("Calcium", "muscle contraction, nerve function"),
            ("Magnesium", "lets muscles relax"),
            ("Vitamin D", "helps the body take up calcium"),
        ),
    ),
    notes=(
        "Dehydration lowers the volume of the blood, so that less oxygen and fewer nutrients reach "
        "the muscle.",
    ),
    also="salt mineral supplement deficiency banana hydration",
)
CARE = (NOW, SELF_CARE, PREVENTION, STRESS, NUTRIENTS)
