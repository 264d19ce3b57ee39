"""Random numbers that depend on their place in the simulation, not on the order of calls.

Every part draws from a generator named by the seed and by what the part is ("noise", channel 2,
second 17). So a wearer with four channels has the same first channel as one with a single channel,
and nothing depends on how the samples are read.
"""

import zlib

import numpy as np

Range = tuple[float, float]


def random_draws(seed: int, *place: int | str) -> np.random.Generator:
    """Return the random generator of one place.

    Examples
    --------
    >>> random_draws(1, "noise", 0).integers(100) == random_draws(1, "noise", 0).integers(100)
    np.True_
    """
    key = [seed, *(zlib.crc32(p.encode()) if isinstance(p, str) else p for p in place)]
    return np.random.default_rng(key)


def log_uniform(rng: np.random.Generator, between: Range) -> float:
    """Draw a value with equal probability per octave; 0 if the range begins at 0."""
    low, high = between
    return float(low * (high / low) ** rng.random()) if low else 0.0


def log_normal(rng: np.random.Generator, between: Range) -> float:
    """Draw from a log-normal distribution with `between` as its two-sigma range."""
    low, high = between
    z = np.clip(rng.standard_normal(), -2.0, 2.0)
    return float(np.sqrt(low * high) * (high / low) ** (z / 4))
