"""The JSON of `analyze`, `sessions` and `export` (schema 1)."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from myowatch.recordings.analysis.analyze import (
    Analysis,
    ShapeNumbers,
    read_settings,
    shape_numbers,
    stream_settings,
)
from myowatch.recordings.model.recording import Marker, envelope_notes
from myowatch.recordings.storage.disk import new_text_file
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.labels import (
    Labels,
    apply_labels,
    event_key,
    label_as_json,
    read_labels,
)
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.counts import Dispersion, Summary, detectable_peaks, tally
from myowatch.signal.statistics.intervals import AT_LEAST, CLUSTER_S, ISOLATED_S
from myowatch.signal.statistics.periodic_movements import PeriodicMovements
from myowatch.signal.statistics.shape_tracker import AGAIN, Recurrence
from myowatch.signal.statistics.stream_statistics import Statistics, statistics

Json = dict[str, Any]
_DIGITS = 7
"""Significant digits: a tenth of a second in a week."""


def statistics_as_json(found: Statistics, rate: float) -> Json:
    """Return the object `statistics` of a stream; unknown numbers are null.

    Parameters
    ----------
    rate
        The stream's sampling rate, hertz.
    """
    numbers: Json = {
        "intervals": asdict(found.intervals),
        "isolation": {"within_s": ISOLATED_S} | asdict(found.isolation),
        "clusters": {"within_s": CLUSTER_S, "at_least": AT_LEAST} | asdict(found.clusters),
        "dispersion": _dispersion(found.dispersion),
        "amplitude": asdict(found.amplitude),
        "doublets": {"count": found.doublets, "share": found.doublet_share},
        "periodic_movements": {one.rules: _periodic(one) for one in found.periodic},
        "recurrence": _recurrence(found.recurrence, rate) if found.recurrence else None,
        "reference": asdict(found.reference) if found.reference else None,
    }
    rounded: Json = _rounded(numbers)
    return rounded


def _dispersion(found: Dispersion) -> Json:
    return {
        "minutes": found.minutes,
        "index": found.index,
        "p": found.p,
        "poisson": found.is_poisson,
        "twitches_per_min_ci95": found.ci95,
    }


def _periodic(found: PeriodicMovements) -> Json:
    return {key: value for key, value in asdict(found).items() if key != "rules"}


def _recurrence(found: Recurrence, rate: float) -> Json:
    return {
        "at_least": AGAIN,
        "shapes": [
            {
                "shape": one.shape,
                "twitches": one.twitches,
                "first_s": one.first / rate,
                "last_s": one.last / rate,
                "median_peak": one.median_peak,
            }
            for one in found.shapes
        ],
        "rare": found.rare,
        "not_compared": found.not_compared,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


SCHEMA = 1


def events_as_json(
    events: Sequence[Event],
    streams: Sequence[Stream],
    shapes: ShapeNumbers | None = None,
    labels: Mapping[str, Labels] | None = None,
) -> dict[str, list[Json]]:
    """Return the lists `events` and `rejected`; a wearer's label of an event is its `label`."""
    by_name = {stream.name: stream for stream in streams}
    kept = [e for e in events if e.kind is not Kind.ARTEFACT]
    rejected = [e for e in events if e.kind is Kind.ARTEFACT]
    return {
        "events": [
            _when(e, by_name[e.stream])
            | {
                "peak": e.peak,
                "unit": by_name[e.stream].unit,
                "snr_db": e.snr_db,
                "confidence": e.confidence,
                "count": e.count,
            }
            | _cramp_probability(e)
            | _provisional(e)
            | _shape(e, shapes or {})
            | _label(e, labels or {})
            for e in kept
        ],
        "rejected": [
            {"stream": e.stream, "kind": e.kind, "reason": e.reason}
            | _when(e, by_name[e.stream])
            | _provisional(e)
            | _label(e, labels or {})
            for e in rejected
        ],
    }


def analysis_as_json(analysis: Analysis) -> Json:
    """Return the object that `analyze --json` prints for one file."""
    summaries = [
        tally(s, analysis.events, analysis.detectable_peaks.get(s.name)).summary(
            analysis.n_samples[s.name]
        )
        for s in analysis.streams
    ]
    unscored = [
        f"{summary.stream}: {lost:.1f} s not scorable"
        for summary in summaries
        if (lost := summary.n_samples / summary.sampling_rate - summary.scorable_s) >= 0.05  # noqa: PLR2004
    ]
    return {
        "schema": SCHEMA,
        "file": analysis.file,
        "software": f"myowatch {version('myowatch')}",
        "streams": [
            _stream_as_json(analysis, stream, summary)
            for stream, summary in zip(analysis.streams, summaries, strict=True)
        ],
        **events_as_json(analysis.events, analysis.streams, analysis.shapes, analysis.labels),
        "summary": [
            _summary_as_json(summary)
            | _corrected(analysis, s)
            | {
                "statistics": statistics_as_json(
                    statistics(
                        s, analysis.n_samples[s.name], analysis.events, analysis.shapes.get(s.name)
                    ),
                    s.sampling_rate,
                )
            }
            for s, summary in zip(analysis.streams, summaries, strict=True)
        ],
        "warnings": [*analysis.warnings, *envelope_notes(analysis.streams), *unscored],
    }


def session_as_json(session: SessionSummary) -> Json:
    """Return the object of one session in `sessions --json`."""
    return {
        "id": session.id,
        "started": session.started.isoformat(timespec="seconds"),
        "ended": session.ended.isoformat(timespec="seconds") if session.ended else None,
        "sites": list(session.sites),
        "source": session.source,
        "note": session.note,
        "duration_s": round(session.duration_s, 6),
        "scorable_s": round(session.scorable_s, 6),
        "twitches": session.twitches,
        "cramps": session.cramps,
        "files": list(session.files),
    }


def markers_as_json(markers: Sequence[Marker]) -> list[Json]:
    """Return the list `markers`."""
    return [{"time_s": marker.time_s, "text": marker.text} for marker in markers]


def session_export_as_json(store: Store, session: SessionSummary) -> Json:
    """Return the object that `export --to json` writes."""
    return {
        **analysis_as_json(session_analysis(store, session)),
        "session": session_as_json(session),
        "markers": markers_as_json(store.markers(session.id)),
    }


def session_analysis(store: Store, session: SessionSummary, *, shapes: bool = True) -> Analysis:
    """Return what the recorder found, over all files of a session.

    Streams of the same name in several files get the name of their file: `left/EMG`.

    Parameters
    ----------
    shapes
        Compare the shapes of the twitches, which reads the recordings.
    """
    names = Counter(s.name for f in session.files for s in store.streams(session.id, f))
    streams: list[Stream] = []
    n_samples: dict[str, int] = {}
    events: list[Event] = []
    numbered: dict[str, Mapping[int, int | None]] = {}
    labels: dict[str, Labels] = {}
    all_labels = read_labels(store.home, session.id)
    starts_s: dict[str, float] = {}
    peaks: dict[str, Mapping[int, float]] = {}
    for file in session.files:
        stem, lengths = Path(file).stem, store.n_samples(session.id, file)
        found = store.events(session.id, file)
        called = {name: name if names[name] == 1 else f"{stem}/{name}" for name in lengths}
        streams += [replace(s, name=called[s.name]) for s in store.streams(session.id, file)]
        began_s = (store.started(session.id, file) - session.started).total_seconds()
        starts_s |= dict.fromkeys(called.values(), began_s)
        n_samples |= {called[name]: n for name, n in lengths.items()}
        events += [replace(e, stream=called[e.stream]) for e in found]
        minutes = store.minutes(session.id, file)
        peaks |= {called[name]: detectable_peaks(minutes, name) for name in lengths}
        numbers = shape_numbers(store.home / file, found) if shapes else {}
        numbered |= {called[name]: numbers[name] for name in numbers}
        labels |= {called[name]: all_labels.for_stream(file, name) for name in lengths}
    stored = read_settings(next(iter(store.settings(session.id)), ""))
    return Analysis(
        ", ".join(session.files),
        streams,
        n_samples,
        events,
        stored.settings if stored else None,
        stored.warnings if stored else (),
        shapes=numbered,
        labels=labels,
        starts_s=starts_s,
        unknown_settings=stored.unknown if stored else {},
        detectable_peaks=peaks,
    )


def export_json(store: Store, session: SessionSummary, out: Path) -> list[Path]:
    """Write the JSON of a session.

    Raises
    ------
    StorageProblem
        If the file exists or cannot be written.
    """
    text = json.dumps(session_export_as_json(store, session), indent=1)
    with new_text_file(out) as file:
        file.write(text + "\n")
    return [out]


def _when(event: Event, stream: Stream) -> Json:
    return {
        "stream": event.stream,
        "kind": event.kind,
        "onset_s": round(event.onset / stream.sampling_rate, 6),
        "offset_s": round(event.offset / stream.sampling_rate, 6),
    }


def _cramp_probability(event: Event) -> Json:
    probability = event.cramp_probability
    return {} if probability is None else {"cramp_probability": probability}


def _provisional(event: Event) -> Json:
    """Return that an event was not settled yet, if so; only in a session that was cut off."""
    return {"provisional": True} if event.provisional else {}


def _shape(event: Event, shapes: ShapeNumbers) -> Json:
    """Return the number of a twitch's shape, if shapes were compared."""
    if event.kind is not Kind.TWITCH or event.stream not in shapes:
        return {}
    return {"shape": shapes[event.stream].get(event.onset)}


def _label(event: Event, labels: Mapping[str, Labels]) -> Json:
    label = labels.get(event.stream, {}).get(event_key(event))
    return {} if label is None else {"label": label_as_json(label)}


def _corrected(analysis: Analysis, stream: Stream) -> Json:
    """Return the counts after the wearer's corrections, if there are any."""
    labels = analysis.labels.get(stream.name, {})
    if not any(label.corrects for label in labels.values()):
        return {}
    mine = [event for event in analysis.events if event.stream == stream.name]
    summary = tally(stream, apply_labels(mine, labels)).summary(analysis.n_samples[stream.name])
    numbers = _summary_as_json(summary)
    kept = ("twitches", "twitches_per_min", "twitches_per_min_ci95", "cramps", "movements")
    return {"corrected": {key: numbers[key] for key in kept}}


def _stream_as_json(analysis: Analysis, stream: Stream, summary: Summary) -> Json:
    return {
        "name": stream.name,
        "modality": stream.modality,
        "unit": stream.unit,
        "sampling_rate_hz": stream.sampling_rate,
        "channels": list(stream.channels),
        "site": stream.site,
        "starts_s": round(analysis.starts_s.get(stream.name, 0.0), 6),
        "n_samples": summary.n_samples,
        "duration_s": round(summary.n_samples / stream.sampling_rate, 6),
        "scorable_s": round(summary.scorable_s, 6),
        "settings": stream_settings(analysis, stream),
    }


def _summary_as_json(summary: Summary) -> Json:
    rate, interval = summary.twitches_per_min, summary.ci95
    return {
        "stream": summary.stream,
        "twitches": summary.twitches,
        "twitches_per_min": None if rate is None else round(rate, 3),
        "twitches_per_min_ci95": None if interval is None else [round(x, 3) for x in interval],
        "cramps": summary.cramps,
        "movements": summary.movements,
        "unscorable": {reason: round(s, 3) for reason, s in summary.unscorable.items()},
        "detectable_peak": summary.detectable_peak,
        "twitches_above_50_uv": summary.twitches_above_50_uv,
    }
