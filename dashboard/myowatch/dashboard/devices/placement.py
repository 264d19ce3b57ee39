"""Drawings of where a sensor sits, for each place on the body."""

from pathlib import Path

import streamlit as st

from myowatch.dashboard.devices import placement_text as words

_DRAWINGS = Path(__file__).parent.parent / "assets/placement"
_WIDTH = 180


def show(site: str) -> None:
    """Draw where a sensor sits at a site such as `left thigh`; of another, what holds anywhere.

    Parameters
    ----------
    site
        As it is chosen on the page, in words.
    """
    side, _, limb = site.partition(" ")
    for place in words.PLACES.get(limb, ()):
        with st.container(horizontal=True, gap="medium"):
            picture = drawing(place.drawing, mirrored=side == "right")
            st.image(picture, alt=place.seen, width=_WIDTH)
            with st.container(width=480):
                st.markdown(f"**{place.title}**")
                st.write(f"{words.ELECTRODES} {place.where}")
                st.write(f"{words.REFERENCE} {place.reference}")
                st.write(f"{words.ACCELEROMETER} {place.accelerometer}")
    if limb not in words.PLACES:
        st.write(words.ANYWHERE)
    st.caption(words.SOURCES)


def drawing(name: str, *, mirrored: bool) -> str:
    """Give a drawing as SVG: those in the files are of the left side of the body."""
    svg = (_DRAWINGS / f"{name}.svg").read_text("utf-8")
    if not mirrored:
        return svg
    head, tail = svg.index(">") + 1, svg.rindex("</svg>")
    turned = f'<g transform="matrix(-1 0 0 1 {_WIDTH} 0)">{svg[head:tail]}</g>'
    return svg[:head] + turned + svg[tail:]
