"""What twitching may come from."""

from myowatch.dashboard.learn.section import Section, Table

CAUSES_TABLE = Section(
    "causes",
    "Causes, what goes with them, what helps",
    (2, 3),
    says=("The everyday ones come first. The last one is rare.",),
    table=Table(
        ("Cause", "What may come with it", "What helps"),
        (
            (
                "Dehydration",
                "twitching, cramps, tiredness, dizziness",
                "water, drinks with electrolytes",
            ),
            (
                "Electrolytes out of balance (sodium, potassium, calcium, magnesium)",
                "twitching, weakness, irregular heartbeat",
                "a balanced diet, electrolyte supplements",
            ),
            (
                "Too much caffeine or alcohol",
                "twitching, anxiety, poor sleep (insomnia)",
                "having less of it, drinking water",
            ),
            (
                "Stress and anxiety",
                "twitching, irritability, poor concentration",
                "ways to lower stress, relaxation, therapy",
            ),
            (
                "Exercise and fatigue",
                "twitching, soreness, stiffness",
                "rest, stretching, enough water, good food",
            ),
            (
                "Lack of a nutrient (magnesium, calcium, potassium, vitamin D)",
                "twitching, weakness, fatigue",
                "diet; supplements under supervision",
            ),
            (
                "Medicines (diuretics, some for asthma)",
                "twitching and their other side effects",
                "asking the doctor for another; never stopping one by yourself (our advice)",
            ),
            (
                "Benign fasciculation syndrome (BFS)",
                "twitching that stays, tingling, numbness, fatigue, anxiety; no disorder behind it",
                "reassurance, less stress, regular exercise, sometimes medication",
            ),
            (
                "Pinched nerve (a narrowed spine, called stenosis; a herniated disc; arthritis; "
                "the same motion again and again)",
                "twitching, pain, numbness, tingling, weakness",
                "physical therapy, pain medication, surgery if it is severe",
            ),
            (
                "Restless legs syndrome (RLS)",
                "an urge to move, unpleasant feelings, worse at rest and at night, better with "
                "movement",
                "changes of habits, medication, iron if it is lacking",
            ),
            (
                "Neurological conditions (rare): ALS, multiple sclerosis, SMA",
                "twitching together with weakness, wasting or other signs",
                "evaluation and treatment by doctors",
            ),
        ),
    ),
    also="coffee tea beer wine thirst drugs pills side effects why reason symptoms management",
)
NEUROLOGICAL = Section(
    "neurological",
    "Signs of the rare neurological conditions",
    (3,),
    says=(
        "Twitching is one sign among others in these; alone it points to none of them. What "
        "matters is what comes with it, and only an examination can tell.",
    ),
    table=Table(
        ("Condition", "Signs"),
        (
            (
                "ALS (amyotrophic lateral sclerosis)",
                "weakness, twitching, wasting of muscle (atrophy)",
            ),
            ("MS (multiple sclerosis)", "twitching, weakness, numbness, trouble with vision"),
            (
                "SMA (spinal muscular atrophy)",
                "weakness, twitching, wasting of muscle (atrophy)",
            ),
        ),
    ),
    also="motor neurone neuron disease mnd lou gehrig",
)
NERVES = Section(
    "nerves",
    "Nerves that misfire",
    (19,),
    says=(
        "Motor nerves tell a muscle when to contract. When one fires without being asked, the part "
        "of the muscle it leads to twitches.",
        "What may make it do so:",
    ),
    points=(
        "electrolytes out of balance",
        "dehydration",
        "pressure on the nerve (compression)",
        "neurological conditions",
    ),
    also="peripheral motor pinched sciatica motor unit",
)
BFS = Section(
    "benign-fasciculation",
    "Benign fasciculation syndrome",
    (2, 3),
    says=(
        "Twitching that stays for long, with no disorder found behind it. Tingling, numbness, "
        "fatigue and anxiety may come with it.",
        "What helps: knowing that nothing else was found, less stress, regular exercise, and "
        "sometimes medication. Only a doctor who has examined you can call it that.",
    ),
    also="bfs harmless",
)
RLS = Section(
    "restless-legs",
    "Restless legs",
    (2, 3),
    says=(
        "An urge to move the legs, with unpleasant feelings in them. It is worse at rest and at "
        "night, and moving brings relief.",
        "What helps: changes of habits, medication, and iron if it is lacking.",
    ),
    notes=(
        "Myowatch counts periodic limb movements, which often go with it, by the rules that sleep "
        "laboratories use (AASM, and WASM 2016, Sleep Med 26:86); they are on the Sessions page.",
    ),
    also="rls sleep periodic limb movements ferritin night",
)
CAUSES = (CAUSES_TABLE, NEUROLOGICAL, NERVES, BFS, RLS)
