"""What detection found in one file or session, before it becomes JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields

from myowatch.recordings.wearer.labels import Labels
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Modality, Stream
from myowatch.signal.model.settings import (
    AccelerometerSettings,
    DetectionSettings,
    EmgSettings,
    EnvelopeSettings,
)

ShapeNumbers = Mapping[str, Mapping[int, int | None]]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that the contract's object of `analyze --json` is made of.

    Parameters
    ----------
    file
        As the user named it.
    n_samples
        Of each stream, missing ones counted.
    events
        All, artefacts too.
    settings
        None if nobody knows them any more.
    shapes
        Numbers of the twitches' shapes, by stream and onset; without the streams whose shapes
        nobody compared. See `myowatch.signal.statistics.shape_tracker`.
    labels
        What the wearer says of events, by stream.
    starts_s
        When each stream began, seconds after the first of them; where several were put together.
    """

    file: str
    streams: Sequence[Stream]
    n_samples: Mapping[str, int]
    events: Sequence[Event]
    settings: DetectionSettings | None = None
    warnings: Sequence[str] = ()
    shapes: ShapeNumbers = field(default_factory=dict)
    labels: Mapping[str, Labels] = field(default_factory=dict)
    starts_s: Mapping[str, float] = field(default_factory=dict)


def settings_as_text(settings: DetectionSettings) -> str:
    """Write settings as JSON, for the recording and the store."""
    return json.dumps(asdict(settings))


def settings_from_text(text: str) -> DetectionSettings | None:
    """Return what `settings_as_text` wrote; None if it is empty or of another version."""
    try:
        said = json.loads(text)
        return DetectionSettings(
            EmgSettings(**said.pop("emg")),
            AccelerometerSettings(**said.pop("accelerometer")),
            EnvelopeSettings(**said.pop("envelope", {})),  # unknown to the first versions
            **said,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def stream_settings(settings: DetectionSettings, stream: Stream) -> dict[str, object]:
    """Return the settings that detection in one stream goes by."""
    common = {
        field.name: getattr(settings, field.name)
        for field in fields(settings)
        if field.name not in set(Modality)
    }
    return common | asdict(getattr(settings, stream.modality))
