"""Texts of the Learn page."""

from myowatch.dashboard.learn.sections import Section, Table

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


TESTS = Section(
    "tests",
    "Tests a doctor may order",
    (16,),
    table=Table(
        ("Test", "What it shows"),
        (
            ("EMG (electromyography)", "the electrical activity of the muscle"),
            ("Nerve conduction studies", "how well nerves carry their signals"),
            ("MRI", "pictures of spine, nerves and brain"),
            ("Blood tests", "electrolytes and nutrients"),
        ),
    ),
    notes=(
        "What Myowatch records on the skin is no such test. A doctor's EMG looks at single muscles "
        "with a needle and at much that a sensor on the skin cannot see. (Myowatch's note.)",
    ),
    also="examination needle scan laboratory diagnosis",
)
TREATMENTS = Section(
    "treatments",
    "Treatments that a professional decides on",
    (6,),
    says=("Which of these suits, and whether any does, depends on the cause.",),
    table=Table(
        ("Treatment", "For example, or for what"),
        (
            ("Muscle relaxants", "cyclobenzaprine"),
            ("Anticonvulsants", "gabapentin"),
            ("Beta-blockers", "propranolol, for tremor and for twitching that anxiety brings"),
            ("Physical therapy", "exercises and stretching with somebody who guides them"),
            ("Nerve blocks", "an injection that quiets a nerve"),
            ("Surgery", "for severe compression of a nerve, or another cause in the structure"),
        ),
    ),
    also="medicine medication drug pill operation injection physiotherapy therapy",
)
MEDICINE = (TESTS, TREATMENTS)


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
        "twitch very often (Myowatch's note: see the page When to seek help and the page "
        "on numbers in the documentation).",
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


TITLE = "Learn"
ABOUT = (
    "What may cause muscle twitching, what helps, and when to see a professional. In our own "
    "words, from one article for patients: {article}. It cannot say what applies to you."
)
SEARCH = "Search"
SEARCH_HINT = "for example coffee, tingling or magnesium"
NOTHING = "Nothing was found. Try a shorter word, or another one."
FOUND = "Found in {n} sections."
ONE_FOUND = "Found in one section."
CITED = "From: {article}, {sections}."
SECTION = "section {number}"
MANY_SECTIONS = "sections {most} and {last}"

SECTIONS = (*SIGNS, *CAUSES, *CARE, *MEDICINE)
