"""Detection in one recorded file, with the detector that also runs live."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import Problem, UnreadableRecording
from myowatch.recordings.wearer.labels import Labels
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Modality, Stream
from myowatch.signal.model.settings import (
    AccelerometerSettings,
    DetectionSettings,
    EmgSettings,
    EnvelopeSettings,
)
from myowatch.signal.statistics.shape_tracker import Numbering

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


def make_detector(streams: Sequence[Stream], settings: DetectionSettings) -> Detector:
    """Make the detector of a recording's streams.

    Raises
    ------
    Problem
        If something about them, such as a sampling rate too low, makes detection impossible.
    """
    try:
        return Detector(streams, settings)
    except ValueError as error:
        raise Problem(
            f"nothing can be detected in these streams: {error}", "choose another sensor or rate"
        ) from error


_DEFAULT = DetectionSettings()
# So many values of a stream at once keep the work on them well above its overhead, and in the
# processor's cache. Streams that are judged together must not run far ahead of each other.
_AT_ONCE = 60_000
_SHORTEST_S, _LONGEST_S, _LONGEST_TOGETHER_S = 10.0, 600.0, 60.0


def analyze(
    path: Path,
    settings: DetectionSettings = _DEFAULT,
    on_progress: Callable[[float], None] | None = None,
) -> Analysis:
    """Detect in a recorded file, in flat memory.

    Parameters
    ----------
    on_progress
        Called with the share of the file that has been read, 0 to 1.

    Raises
    ------
    UnreadableRecording
        If the file is no recording, or turns out to be damaged.
    Problem
        If nothing can be detected in it.
    """
    events: list[Event] = []
    with open_recording(path) as recording:
        detector = make_detector(recording.streams, settings)
        numbering = Numbering(recording.streams)
        n_samples = dict.fromkeys((stream.name for stream in recording.streams), 0)
        for block in recording.blocks(_block_s(recording.streams)):
            found = detector.process(block)
            numbering.add(found)
            numbering.take(block)
            events += found
            n_samples[block.stream.name] = block.end_sample
            if on_progress is not None:
                on_progress(recording.progress)
        rest = detector.flush()
        numbering.add(rest)
        return Analysis(
            str(path),
            recording.streams,
            recording.n_samples or n_samples,
            events + rest,
            settings,
            recording.warnings,
            numbering.finish(),
        )


def _block_s(streams: Sequence[Stream]) -> float:
    longest_s = _LONGEST_S if len(streams) == 1 else _LONGEST_TOGETHER_S
    highest = max((s.sampling_rate * len(s.channels) for s in streams), default=1.0)
    return min(max(_AT_ONCE / highest, _SHORTEST_S), longest_s)


def shape_numbers(path: Path, events: Iterable[Event]) -> ShapeNumbers:
    """Compare the twitches of a recording as `analyze` does while it finds them.

    Parameters
    ----------
    events
        Those of each stream by onset.

    Returns
    -------
    numbers by stream and onset; nothing if the recording is gone or damaged
    """
    try:
        with open_recording(path) as recording:
            numbering = Numbering(recording.streams)
            numbering.add(events)
            for block in recording.blocks():
                numbering.take(block)
            return numbering.finish()
    except UnreadableRecording:
        return {}
