"""Random numbers that belong to a place in the simulation, not to the order of asking.

Every part draws from a generator named by the seed and by what the part is ("noise", channel 2,
second 17). So a wearer with four channels has the same first channel as one with a single channel,
and nothing depends on how the samples are read.
"""

import zlib

import numpy as np

Range = tuple[float, float]


def random_draws(seed: int, *place: int | str) -> np.random.Generator:
    """Give the generator of one place.

    Examples
    --------
    >>> chance(1, "noise", 0).integers(100) == chance(1, "noise", 0).integers(100)
    np.True_
    """
    key = [seed, *(zlib.crc32(p.encode()) if isinstance(p, str) else p for p in place)]
    return np.random.default_rng(key)


def log_uniform(rng: np.random.Generator, between: Range) -> float:
    """Draw a value of which each octave of the range is equally likely; 0 if it begins at 0."""
    low, high = between
    return float(low * (high / low) ** rng.random()) if low else 0.0


def log_normal(rng: np.random.Generator, between: Range) -> float:
    """Draw from a log-normal around the geometric mean, its two-sigma range being `between`."""
    low, high = between
    z = np.clip(rng.standard_normal(), -2.0, 2.0)
    return float(np.sqrt(low * high) * (high / low) ** (z / 4))
