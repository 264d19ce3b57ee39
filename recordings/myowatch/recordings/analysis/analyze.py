"""Detection in one recorded file, with the detector that also runs live."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import Problem, UnreadableRecording
from myowatch.recordings.storage.stored_values import read_stored, unknown_keys
from myowatch.recordings.wearer.labels import Labels
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Modality, Stream
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.statistics.shape_tracker import ShapeNumbering

ShapeNumbers = Mapping[str, Mapping[int, int | None]]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result for one file or session, before it becomes JSON.

    Parameters
    ----------
    file
        As the user named it.
    n_samples
        Length of each stream, missing samples included.
    events
        All settled events, also artefacts; of a session that is being recorded or whose recorder
        was killed, also the provisional ones of its last seconds.
    settings
        None if unknown.
    shapes
        Numbers of the twitches' shapes, by stream and onset; only streams whose shapes were
        compared. See `myowatch.signal.statistics.shape_tracker`.
    labels
        The wearer's labels, by stream.
    starts_s
        When each stream started, seconds after the first stream of the session.
    unknown_settings
        Stored settings of another version, as they were stored.
    detectable_peaks
        Smallest twitch that would have been found, by stream and minute, see
        `Detector.detectable_peaks`.
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
    unknown_settings: Mapping[str, Any] = field(default_factory=dict)
    detectable_peaks: Mapping[str, Mapping[int, float]] = field(default_factory=dict)


SETTINGS_VERSION = 1
"""Version of the stored settings; those of Myowatch 0.1 have none."""


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """Detection settings as read from a recording.

    Parameters
    ----------
    settings
        With the default for every missing or invalid value.
    unknown
        Values that belong to no setting of this version, as they were stored.
    warnings
        What is invalid, for users.
    """

    settings: DetectionSettings
    unknown: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def settings_as_text(settings: DetectionSettings) -> str:
    """Return settings as JSON, for the recording and the store."""
    return json.dumps({"version": SETTINGS_VERSION} | asdict(settings))


def read_settings(text: str) -> StoredSettings | None:
    """Return the settings of `settings_as_text`, of any version; None if there are none."""
    try:
        stored = json.loads(text, parse_constant=lambda _: None)  # NaN is a wrong value
    except (ValueError, RecursionError):
        return None
    if not isinstance(stored, dict) or not stored:
        return None
    settings, invalid = read_stored(DetectionSettings, stored)
    unknown = unknown_keys(DetectionSettings, stored)
    unknown.pop("version", None)
    names = ", ".join(invalid)
    warning = f"settings: {names} could not be read; the defaults are shown"
    return StoredSettings(settings, unknown, (warning,) if invalid else ())


def settings_from_text(text: str) -> DetectionSettings | None:
    """Return the settings alone, see `read_settings`."""
    found = read_settings(text)
    return found.settings if found else None


def stream_settings(analysis: Analysis, stream: Stream) -> dict[str, object]:
    """Return the settings of one stream, with those of another version; empty if unknown."""
    if analysis.settings is None:
        return {}
    known, unknown = asdict(analysis.settings), analysis.unknown_settings
    both = {**known, **unknown}
    common = {name: value for name, value in both.items() if name not in set(Modality)}
    return {**common, **known[stream.modality], **unknown.get(stream.modality, {})}


def make_detector(streams: Sequence[Stream], settings: DetectionSettings) -> Detector:
    """Return a detector for the streams of a recording.

    Raises
    ------
    Problem
        If detection is impossible, for instance because a sampling rate is too low.
    """
    try:
        return Detector(streams, settings)
    except ValueError as error:
        raise Problem(
            f"nothing can be detected in these streams: {error}", "choose another sensor or rate"
        ) from error


_DEFAULT = DetectionSettings()
# Blocks of this many values fit the processor's cache, and the overhead of a block is small
# against them. Streams that are judged together must not run far ahead of each other.
_AT_ONCE = 60_000
_SHORTEST_S, _LONGEST_S, _LONGEST_TOGETHER_S = 10.0, 600.0, 60.0


def analyze(
    path: Path,
    settings: DetectionSettings = _DEFAULT,
    on_progress: Callable[[float], None] | None = None,
) -> Analysis:
    r"""Return the settled events of a recorded file; memory does not grow with its length.

    Parameters
    ----------
    on_progress
        Called with the part of the file that has been read, 0 to 1.

    Raises
    ------
    UnreadableRecording
        If the file is not a recording, or is damaged.
    Problem
        If detection in it is impossible.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> from myowatch.recordings import analyze
    >>> x = np.random.default_rng(0).normal(0.0, 3.0, 10_000)
    >>> x[6000:6015] += 150.0 * np.sin(np.linspace(0.0, 2 * np.pi, 15))
    >>> rows = "".join(f"{i / 1000},{value:.2f}\n" for i, value in enumerate(x))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "twitch.csv"
    ...     _ = path.write_text(f"time_s,EMG [uV]\n{rows}", "utf-8")
    ...     found = analyze(path)
    >>> [str(event.kind) for event in found.events if event.reason is None]
    ['twitch']
    """
    events: list[Event] = []
    with open_recording(path) as recording:
        detector = make_detector(recording.streams, settings)
        numbering = ShapeNumbering(recording.streams)
        n_samples = dict.fromkeys((stream.name for stream in recording.streams), 0)
        for block in recording.blocks(_block_s(recording.streams)):
            found = _settled(detector.process(block))
            numbering.add(found)
            numbering.take(block)
            events += found
            n_samples[block.stream.name] = block.end_sample
            if on_progress is not None:
                on_progress(recording.progress)
        rest = _settled(detector.flush())
        numbering.add(rest)
        return Analysis(
            str(path),
            recording.streams,
            recording.n_samples or n_samples,
            events + rest,
            settings,
            recording.warnings,
            numbering.finish(),
            detectable_peaks={s.name: detector.detectable_peaks(s.name) for s in recording.streams},
        )


def _settled(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if not event.provisional]


def _block_s(streams: Sequence[Stream]) -> float:
    longest_s = _LONGEST_S if len(streams) == 1 else _LONGEST_TOGETHER_S
    highest = max((s.sampling_rate * len(s.channels) for s in streams), default=1.0)
    return min(max(_AT_ONCE / highest, _SHORTEST_S), longest_s)


def shape_numbers(path: Path, events: Iterable[Event]) -> ShapeNumbers:
    """Return the shape numbers of a recording's twitches, as `analyze` gives them.

    Parameters
    ----------
    events
        By onset within each stream.

    Returns
    -------
    numbers by stream and onset; empty if the recording is missing or damaged
    """
    try:
        with open_recording(path) as recording:
            numbering = ShapeNumbering(recording.streams)
            numbering.add(events)
            for block in recording.blocks():
                numbering.take(block)
            return numbering.finish()
    except UnreadableRecording:
        return {}
