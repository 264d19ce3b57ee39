"""What doctors may do."""

from myowatch.dashboard.learn.section import Section, Table

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
