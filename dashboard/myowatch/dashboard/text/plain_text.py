"""Text that came from outside (a file, a sensor, a person), made safe for Streamlit's Markdown."""

import re


def plain(text: str) -> str:
    r"""Escape whatever Markdown would take for more than text.

    Examples
    --------
    >>> plain("left *thigh*")
    'left \\*thigh\\*'
    """
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~:$&-])", r"\\\1", " ".join(text.split()))
