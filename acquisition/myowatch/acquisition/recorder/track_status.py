"""State of a track at one moment, for users and for other programs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.store.recorder_status import RecorderState
from myowatch.signal.model.events import Condition
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.counts import Summary


@dataclass(frozen=True, slots=True)
class Snapshot:
    """State of a track at one moment; made by its thread, read by any other.

    Parameters
    ----------
    streams
        Empty until the source is open; `conditions`, `counts` and `n_samples` are beside it.
    progress
        Share of the source that was read; None for a source without end.
    link
        How well samples come through; None for what is no device.
    """

    streams: tuple[Stream, ...] = ()
    conditions: tuple[Condition, ...] = ()
    counts: tuple[Summary, ...] = ()
    n_samples: tuple[int, ...] = ()
    progress: float | None = None
    link: LinkQuality | None = None

    @property
    def duration_s(self) -> float:
        """Seconds of signal so far."""
        lasting = zip(self.n_samples, self.streams, strict=True)
        return max((n / stream.sampling_rate for n, stream in lasting), default=0.0)

    def conditions_as_json(self) -> list[dict[str, Any]]:
        """Return the conditions as in a recorder's status."""
        both = zip(self.streams, self.conditions, strict=False)
        return [_condition_as_json(stream, condition) for stream, condition in both]


@dataclass(frozen=True, slots=True)
class TrackProgress:
    """How far the recording of one source has come.

    Parameters
    ----------
    file
        The recording; it exists from when the source is open.
    message
        For people: what is the matter and what to do; empty if nothing is.
    duration_s
        Seconds of signal recorded.
    progress
        Share of the source that was read; None for a source without end.
    link
        How well samples come through; None for what is no device.
    """

    device: str
    site: str
    file: Path
    state: RecorderState
    message: str
    duration_s: float
    progress: float | None
    counts: tuple[Summary, ...]
    link: LinkQuality | None


def _condition_as_json(stream: Stream, condition: Condition) -> dict[str, Any]:
    since = condition.unscorable_since
    return {
        "name": stream.name,
        "modality": stream.modality,
        "unit": stream.unit,
        "sampling_rate": stream.sampling_rate,
        "quality": condition.quality,
        "noise_floor": condition.noise_floor,
        "threshold": condition.threshold,
        "mains_hz": condition.mains_hz,
        "active": condition.active,
        "unscorable_since_s": None if since is None else since / stream.sampling_rate,
    }
