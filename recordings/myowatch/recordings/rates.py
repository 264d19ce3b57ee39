"""Sampling rates that detection takes; a reader leaves out what it would refuse."""

from pathlib import Path

from myowatch.recordings.problem import UnreadableRecording

SLOWEST_HZ, FASTEST_HZ = 100.0, 10_000.0


def is_usable(rate: float) -> bool:
    """Whether a twitch can be told from noise at this rate, and the machine keeps up."""
    return SLOWEST_HZ <= rate <= FASTEST_HZ


def unusable_rate(path: Path, rate: float) -> UnreadableRecording:
    """Say why nothing in a file can be used."""
    return UnreadableRecording(
        f"{path} was sampled at {rate:g} Hz",
        f"twitches need {SLOWEST_HZ:g} to {FASTEST_HZ:g} Hz: record it again, or resample it",
    )
