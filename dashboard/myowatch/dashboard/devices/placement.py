"""Drawings and texts of where a sensor sits, for each place on the body."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st


@dataclass(frozen=True, slots=True)
class Place:
    """One muscle.

    Parameters
    ----------
    drawing
        File of the drawing.
    seen
        The drawing in words, for those who cannot see it.
    where, reference, accelerometer
        Where the electrodes go, the reference, and an accelerometer.
    """

    drawing: str
    title: str
    seen: str
    where: str
    reference: str
    accelerometer: str


ELECTRODES = "Blue dots: the two electrodes, 20 mm apart, in line with the muscle's fibres."
REFERENCE = "Green square: the reference electrode,"
ACCELEROMETER = "Violet frame: an accelerometer,"
ANYWHERE = (
    "Choose the place above to see a drawing. Anywhere else: on the belly of the muscle, away from "
    "its tendons and its edge; two electrodes 20 mm apart in line with its fibres, the reference "
    "over bone nearby."
)
SOURCES = (
    "Places by SENIAM (Hermens et al. 2000, J Electromyogr Kinesiol 10:361; seniam.org); the foot "
    "and the hand are our choice. Electrodes on battery power only, the computer's charger "
    "unplugged. Not on broken skin, not across the chest, not with a pacemaker. Skin washed and "
    "dry, cables taped down."
)
PLACES: dict[str, tuple[Place, ...]] = {
    "thigh": (
        Place(
            "thigh-front",
            "Front of the thigh (rectus femoris)",
            "Drawing of a thigh from the front: two electrodes halfway between hip bone and "
            "kneecap, the reference on the kneecap, an accelerometer beside the electrodes",
            "Halfway from the front of the hip bone to the upper edge of the kneecap. The best "
            "place to begin with.",
            "on the kneecap or the ankle.",
            "the middle of the front; leg straight, the knee supported from below.",
        ),
        Place(
            "thigh-back",
            "Back of the thigh (biceps femoris)",
            "Drawing of a thigh from behind: two electrodes halfway between sit bone and outer "
            "side of the knee, the reference below the knee, an accelerometer beside the "
            "electrodes",
            "Halfway from the sit bone to the outer side of the knee. Lie on your front or side, "
            "so that nothing presses on them.",
            "at the ankle, further down than it is drawn.",
            "the middle of the back of the thigh.",
        ),
    ),
    "calf": (
        Place(
            "calf",
            "Calf (inner gastrocnemius)",
            "Drawing of a lower leg from behind: two electrodes on the inner bulge of the calf, "
            "the reference at the ankle, an accelerometer below the electrodes",
            "On the most prominent bulge of the inner calf.",
            "at the ankle.",
            "on the same bulge; heel on a cushion, so that the calf hangs free.",
        ),
    ),
    "foot": (
        Place(
            "foot",
            "Sole, inner edge (abductor hallucis)",
            "Drawing of a foot from its inner side: two electrodes along the inner edge below the "
            "ankle, the reference on the ankle bone, an accelerometer further towards the toes",
            "Along the inner edge of the foot, below the inner ankle bone and in front of it.",
            "on the inner ankle bone.",
            "in the hollow of the arch, only a light one.",
        ),
    ),
    "upper arm": (
        Place(
            "arm",
            "Upper arm (biceps)",
            "Drawing of an arm from the front: two electrodes on the biceps above the elbow, the "
            "reference at the wrist, an accelerometer above the electrodes",
            "On the line from the tip of the shoulder to the crease of the elbow, a third of the "
            "way up from the crease.",
            "at the wrist.",
            "on the belly of the biceps; forearm lying on a cushion.",
        ),
    ),
    "hand": (
        Place(
            "hand",
            "Hand (first dorsal interosseous)",
            "Drawing of the back of a hand: one electrode on the bulge between thumb and index "
            "finger, the other towards the index knuckle, the reference at the wrist, an "
            "accelerometer on the bulge",
            "One on the bulge between thumb and index finger, the other on towards the index "
            "knuckle.",
            "at the wrist.",
            "on the bulge or the ball of the thumb; only the chip's board, a gram or two.",
        ),
    ),
}


_DRAWINGS = Path(__file__).parent.parent / "assets/placement"
_WIDTH = 180


def show(site: str) -> None:
    """Draw where a sensor sits at a site such as `left thigh`; general advice for unknown sites.

    Parameters
    ----------
    site
        As it is chosen on the page, in words.
    """
    side, _, limb = site.partition(" ")
    for place in PLACES.get(limb, ()):
        with st.container(horizontal=True, gap="medium"):
            picture = drawing(place.drawing, mirrored=side == "right")
            st.image(picture, alt=place.seen, width=_WIDTH)
            with st.container(width=480):
                st.markdown(f"**{place.title}**")
                st.write(f"{ELECTRODES} {place.where}")
                st.write(f"{REFERENCE} {place.reference}")
                st.write(f"{ACCELEROMETER} {place.accelerometer}")
    if limb not in PLACES:
        st.write(ANYWHERE)
    st.caption(SOURCES)


def drawing(name: str, *, mirrored: bool) -> str:
    """Return a drawing as SVG; the files show the left side of the body."""
    svg = (_DRAWINGS / f"{name}.svg").read_text("utf-8")
    if not mirrored:
        return svg
    head, tail = svg.index(">") + 1, svg.rindex("</svg>")
    turned = f'<g transform="matrix(-1 0 0 1 {_WIDTH} 0)">{svg[head:tail]}</g>'
    return svg[:head] + turned + svg[tail:]
