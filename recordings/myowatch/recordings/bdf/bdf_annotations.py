"""Annotations of our BDF+ files: their bytes, and events, markers and others as text."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from myowatch.recordings.model.recording import Marker
from myowatch.signal.model.events import Event, Kind, Reason, current_events
from myowatch.signal.model.samples import Modality, Stream, Unit

_TAL = re.compile(rb"([+-]\d+(?:\.\d+)?)(?:\x15(\d+(?:\.\d+)?))?\x14([^\x00]*)\x14\x00", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SettledUntil:
    """All events of a stream that end at a sample or before are settled."""

    stream: str
    sample: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """A text at a time, seconds from the start of the file's first record."""

    onset_s: float
    text: str
    duration_s: float | None = None


def timekeeping_tal(onset_us: int) -> bytes:
    """Return the first list of a data record: when the record starts, microseconds."""
    return b"+%b\x14\x14\x00" % _decimal(onset_us / 1e6).encode()


def encode_annotation(annotation: Annotation) -> bytes:
    """Return the bytes of an annotation, with times to the microsecond."""
    sign = "-" if annotation.onset_s < 0 else "+"
    timing = sign + _decimal(abs(annotation.onset_s))
    if annotation.duration_s is not None:
        timing += f"\x15{_decimal(annotation.duration_s)}"
    return f"{timing}\x14{annotation.text}\x14\x00".encode("utf-8", "replace")


def decode_annotations(raw: bytes) -> list[Annotation]:
    """Return the annotations of a data record, without timekeeping and damaged ones."""
    return [
        Annotation(float(onset), text.decode("utf-8", "replace"), float(lasts) if lasts else None)
        for onset, lasts, texts in _TAL.findall(raw)
        for text in texts.split(b"\x14")
        if text
    ]


def _decimal(seconds: float) -> str:
    return f"{seconds:.6f}".rstrip("0").rstrip(".")


_EVENT = re.compile(
    r'(provisional )?(twitch|cramp|movement|artefact)(?: (\w+))? in (".*") samples (\d+)-(\d+)'
    r" peak (\S+) snr (\S+) confidence (\S+) count (\d+)(?: cramp (\S+))?",
    re.DOTALL,
)
_SETTLED = re.compile(r'settled in (".*") to (\d+)', re.DOTALL)
_DETECTABLE = re.compile(r'detectable in (".*") minute (\d+) peak (\S+)', re.DOTALL)
_CLIPPED = re.compile(r'clipped in (".*") (\d+) samples', re.DOTALL)
_MARKER = "marker "
_CLOCK = "clock "
_DESCRIPTION = "myowatch "
_METADATA = "myowatch."
_PIECE_BYTES = 100


def describe(streams: Sequence[Stream], started: datetime) -> Annotation:
    """Return the start and the exact streams, for the first data record."""
    content = {"version": 1, "started": started.isoformat(), "streams": [*map(_fields, streams)]}
    return Annotation(0.0, _DESCRIPTION + _json(content))


def parse_description(annotation: Annotation) -> tuple[tuple[Stream, ...], datetime] | None:
    """Return what `describe` wrote; None for another or a damaged annotation."""
    if not annotation.text.startswith(_DESCRIPTION):
        return None
    try:
        content = json.loads(annotation.text.removeprefix(_DESCRIPTION))
        streams = tuple(map(_stream, content["streams"]))
        return streams, datetime.fromisoformat(content["started"])
    except (ValueError, KeyError, TypeError):
        return None


def describe_metadata(key: str, text: str, at_s: float = 0.0) -> list[Annotation]:
    """Return the pieces of a metadata text; each fits a data record."""
    return [Annotation(at_s, f"{_METADATA}{key} {piece}") for piece in _pieces(text)]


def parse_metadata(annotation: Annotation) -> tuple[str, str] | None:
    """Return the key and a piece of its text; None for another annotation."""
    if not annotation.text.startswith(_METADATA):
        return None
    key, _, piece = annotation.text.removeprefix(_METADATA).partition(" ")
    return key, piece


def describe_event(event: Event, sampling_rate: float) -> Annotation:
    """Return an event with its exact samples and values.

    Older versions wrote every event as a settled one, and pass over provisional ones.
    """
    state = "provisional " if event.provisional else ""
    reason = f" {event.reason}" if event.reason else ""
    cramp = "" if event.cramp_probability is None else f" cramp {event.cramp_probability!r}"
    text = (
        f"{state}{event.kind}{reason} in {_json(event.stream)} samples {event.onset}-{event.offset}"
        f" peak {event.peak!r} snr {event.snr_db!r} confidence {event.confidence!r}"
        f" count {event.count}{cramp}"
    )
    seconds = (event.offset - event.onset) / sampling_rate
    return Annotation(event.onset / sampling_rate, text, seconds)


def parse_event(annotation: Annotation) -> Event | None:
    """Return what `describe_event` wrote; None for another or a damaged annotation."""
    found = _EVENT.fullmatch(annotation.text)
    if found is None:
        return None
    state, kind, reason, stream, onset, offset, peak, snr, confidence, count, cramp = found.groups()
    try:
        return Event(
            json.loads(stream),
            Kind(kind),
            int(onset),
            int(offset),
            float(peak),
            float(snr),
            float(confidence),
            Reason(reason) if reason else None,
            int(count),
            float(cramp) if cramp else None,
            provisional=bool(state),
        )
    except ValueError:
        return None


def describe_settled(stream: Stream, until: int) -> Annotation:
    """Return an annotation that all events of a stream up to a sample are settled."""
    text = f"settled in {_json(stream.name)} to {until}"
    return Annotation(until / stream.sampling_rate, text)


def parse_settled(annotation: Annotation) -> SettledUntil | None:
    """Return what `describe_settled` wrote; None for another annotation."""
    found = _SETTLED.fullmatch(annotation.text)
    try:
        return SettledUntil(str(json.loads(found[1])), int(found[2])) if found else None
    except ValueError:
        return None


def find_events(annotations: Iterable[Annotation]) -> list[Event]:
    """Return the settled events, and the provisional ones that are not settled yet.

    A killed recorder may have written settled events without the annotation of how far all is
    settled. Such an event replaces the provisional ones that it overlaps.
    """
    events: list[Event] = []
    settled_until: dict[str, int] = {}
    unconfirmed: dict[str, list[Event]] = {}
    for annotation in annotations:
        if (event := parse_event(annotation)) is not None:
            events.append(event)
            if not event.provisional:
                unconfirmed.setdefault(event.stream, []).append(event)
        elif (settled := parse_settled(annotation)) is not None:
            settled_until[settled.stream] = settled.sample
            unconfirmed.pop(settled.stream, None)
    return [
        event
        for event in current_events(events, settled_until)
        if not (event.provisional and _overlaps(event, unconfirmed.get(event.stream, ())))
    ]


def _overlaps(event: Event, others: Iterable[Event]) -> bool:
    return any(other.onset < event.offset and event.onset < other.offset for other in others)


def describe_detectable_peak(stream: Stream, minute: int, peak: float) -> Annotation:
    """Return an annotation of the smallest twitch that would have been found in a minute."""
    text = f"detectable in {_json(stream.name)} minute {minute} peak {peak:.4g}"
    return Annotation(60.0 * minute, text)


def parse_detectable_peak(annotation: Annotation) -> tuple[str, int, float] | None:
    """Return what `describe_detectable_peak` wrote; None for another annotation."""
    found = _DETECTABLE.fullmatch(annotation.text)
    try:
        return (str(json.loads(found[1])), int(found[2]), float(found[3])) if found else None
    except ValueError:
        return None


def describe_marker(marker: Marker) -> Annotation:
    """Return a marker as an annotation at its time."""
    return Annotation(marker.time_s, _MARKER + marker.text)


def parse_marker(annotation: Annotation) -> Marker | None:
    """Return what `describe_marker` wrote; None for another annotation."""
    if not annotation.text.startswith(_MARKER):
        return None
    try:
        return Marker(annotation.onset_s, annotation.text.removeprefix(_MARKER))
    except ValueError:
        return None


def describe_gap(stream: Stream, first: int, end: int) -> Annotation:
    """Return an annotation of missing samples of a stream."""
    text = f"gap in {_json(stream.name)} samples {first}-{end}"
    return Annotation(first / stream.sampling_rate, text, (end - first) / stream.sampling_rate)


def describe_clipping(stream: Stream, n_samples: int, at_s: float) -> Annotation:
    """Return an annotation of how many samples exceed 24 bits and were clipped."""
    return Annotation(at_s, f"clipped in {_json(stream.name)} {n_samples} samples")


def parse_clipping(annotation: Annotation) -> tuple[str, int] | None:
    """Return the stream and number of `describe_clipping`; None for another annotation."""
    found = _CLIPPED.fullmatch(annotation.text)
    try:
        return (str(json.loads(found[1])), int(found[2])) if found else None
    except ValueError:
        return None


def describe_clock(now: datetime, at_s: float) -> Annotation:
    """Return an annotation of the computer's time at a time of the recording."""
    return Annotation(at_s, f"{_CLOCK}{now.isoformat()}")


def parse_clock(annotation: Annotation) -> datetime | None:
    """Return the time of `describe_clock`; None for another annotation."""
    if not annotation.text.startswith(_CLOCK):
        return None
    try:
        return datetime.fromisoformat(annotation.text.removeprefix(_CLOCK))
    except ValueError:
        return None


def longest_annotation_bytes(streams: Sequence[Stream]) -> int:
    """Return the largest size of an annotation of a file, except the description."""
    longest_name = max(len(_json(stream.name).encode()) for stream in streams)
    return 200 + longest_name


def _fields(s: Stream) -> list[object]:
    return [s.name, s.modality, s.unit, s.sampling_rate, s.channels, s.resolution, s.site]


def _stream(fields: Sequence[Any]) -> Stream:
    name, modality, unit, rate, channels, resolution, site = fields
    names = tuple(map(str, channels))
    modality, unit = Modality(modality), Unit(unit)
    return Stream(str(name), modality, unit, float(rate), names, float(resolution), str(site))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pieces(text: str) -> list[str]:
    clean = "".join(c if c.isprintable() else " " for c in text)
    pieces, piece = [], ""
    for character in clean:
        if len((piece + character).encode("utf-8", "replace")) > _PIECE_BYTES:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece] if piece else pieces
