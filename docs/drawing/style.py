"""Style of the figures: a white background, readable on light and on dark pages.

The colours of Okabe and Ito (2008) are distinct for people with any colour vision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from myowatch.signal.model.samples import Samples

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, FAINT = "#222222", "#b8b8b8"
BLUE, ORANGE, GREEN, RED = "#0072b2", "#e69f00", "#009e73", "#d55e00"
SKY, PURPLE = "#56b4e9", "#cc79a7"
COLOURS = {
    "twitch": BLUE,
    "movement": ORANGE,
    "cramp": PURPLE,
    "artefact": FAINT,
    "unscorable": "#8c8c8c",
}
"""The colour of each kind of event, in every figure."""
_RC: dict[str, Any] = {
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "axes.edgecolor": "#777777",
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.0,
    "path.simplify": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "myowatch",
}
_MOST_POINTS = 1000


def panels(
    rows: int,
    columns: int = 1,
    *,
    height: float,
    heights: list[float] | None = None,
    sharex: Any = "col",
    sharey: Any = "row",
) -> tuple[Figure, np.ndarray]:
    """Return a figure 9.2 inches wide and its axes, shape (rows, columns)."""
    import matplotlib as mpl

    settings: Any = _RC

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update(settings)
    plt.close("all")
    made: tuple[Figure, np.ndarray] = plt.subplots(
        rows,
        columns,
        figsize=(9.2, height),
        sharex=sharex,
        sharey=sharey,
        squeeze=False,
        height_ratios=heights,
        layout="constrained",
    )
    return made


def mosaic(layout: Any, *, height: float, **more: Any) -> tuple[Figure, dict[str, Axes]]:
    """Return a figure of the same width, and its axes by the names in the layout."""
    figure, axes = panels(1, height=height)
    axes[0, 0].remove()
    return figure, figure.subplot_mosaic(layout, **more)


def line(
    axes: Axes, at: Samples, values: Samples, *, most: int = _MOST_POINTS, **style: Any
) -> None:
    """Draw a line; reduce many points to minima and maxima, which look the same."""
    step = max(2 * len(values) // most, 1)
    if step > 1:
        n = len(values) // step
        cut = values[: n * step].reshape(n, step)
        values = np.stack([cut.min(axis=1), cut.max(axis=1)], axis=1).ravel()
        at = np.repeat(at[: n * step : step], 2)
    axes.plot(at, values, **style)


def shade(axes: Axes, begin: float, end: float, colour: str, **style: Any) -> None:
    """Shade a stretch of time."""
    axes.axvspan(begin, end, **{"color": colour, "alpha": 0.22, "lw": 0, "zorder": 0, **style})


def smooth_line(
    axes: Axes, at: Samples, values: Samples, *, most: int = _MOST_POINTS // 3, **style: Any
) -> None:
    """Draw a line that changes slowly, with every n-th of many points."""
    step = max(len(values) // most, 1)
    axes.plot(at[::step], values[::step], **style)


def bar(axes: Axes, begin: float, end: float, row: float, colour: str) -> None:
    """Draw a stretch of time as a bar of visible width."""
    bars(axes, [(begin, end)], row, colour)


def bars(axes: Axes, stretches: list[tuple[float, float]], row: float, colour: str) -> None:
    """Draw stretches of time as bars of visible width, all as one line."""
    least = 0.002 * abs(axes.get_xlim()[1] - axes.get_xlim()[0])
    ends = [x for begin, end in stretches for x in (begin, max(end, begin + least), np.nan)]
    style: dict[str, Any] = {"color": colour, "lw": 9, "solid_capstyle": "butt"}
    axes.plot(ends, np.full(len(ends), row), **style)


def note(axes: Axes, text: str, at: tuple[float, float] = (0.01, 0.97), **style: Any) -> None:
    """Write into a corner of the axes."""
    placed = {"va": "top", "ha": "left", "fontsize": 8, "color": INK, **style}
    axes.text(*at, text, transform=axes.transAxes, **placed)


def point_out(axes: Axes, text: str, to: tuple[float, float], by: tuple[float, float]) -> None:
    """Label a point of the data with an arrow; `by` is the offset of the text in points."""
    arrow = {"arrowstyle": "-", "color": "#777777", "lw": 0.7}
    axes.annotate(
        text, to, by, textcoords="offset points", fontsize=8, arrowprops=arrow, ha="center"
    )
