"""Annotations of our BDF+ files: their bytes, and events, markers and others as text."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from myowatch.recordings.model.recording import Marker
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Stream, Unit

_TAL = re.compile(rb"([+-]\d+(?:\.\d+)?)(?:\x15(\d+(?:\.\d+)?))?\x14([^\x00]*)\x14\x00", re.DOTALL)


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
    r'(twitch|cramp|movement|artefact)(?: (\w+))? in (".*") samples (\d+)-(\d+)'
    r" peak (\S+) snr (\S+) confidence (\S+) count (\d+)",
    re.DOTALL,
)
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
    """Return an event with its exact samples and values."""
    reason = f" {event.reason}" if event.reason else ""
    text = (
        f"{event.kind}{reason} in {_json(event.stream)} samples {event.onset}-{event.offset}"
        f" peak {event.peak!r} snr {event.snr_db!r} confidence {event.confidence!r}"
        f" count {event.count}"
    )
    seconds = (event.offset - event.onset) / sampling_rate
    return Annotation(event.onset / sampling_rate, text, seconds)


def parse_event(annotation: Annotation) -> Event | None:
    """Return what `describe_event` wrote; None for another or a damaged annotation."""
    found = _EVENT.fullmatch(annotation.text)
    if found is None:
        return None
    kind, reason, stream, onset, offset, peak, snr, confidence, count = found.groups()
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
        )
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
    return 168 + longest_name


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
