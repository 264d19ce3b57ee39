r"""Time-stamped annotation lists of EDF+ and BDF+: `+onset[\x15duration]\x14text\x14\0`.

EDF+ specification 2003, section 2.2.2 (edfplus.info); BDF+ is the same with other labels.
"""

import re
from dataclasses import dataclass

_TAL = re.compile(rb"([+-]\d+(?:\.\d+)?)(?:\x15(\d+(?:\.\d+)?))?\x14([^\x00]*)\x14\x00", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Annotation:
    """One text at one time, seconds from the start of the file's first record."""

    onset_s: float
    text: str
    duration_s: float | None = None


def timekeeping_tal(onset_us: int) -> bytes:
    """First list of every data record: when the record begins, in microseconds."""
    return b"+%b\x14\x14\x00" % _decimal(onset_us / 1e6).encode()


def encode_annotation(annotation: Annotation) -> bytes:
    """Bytes of one annotation, times to the microsecond."""
    sign = "-" if annotation.onset_s < 0 else "+"
    timing = sign + _decimal(abs(annotation.onset_s))
    if annotation.duration_s is not None:
        timing += f"\x15{_decimal(annotation.duration_s)}"
    return f"{timing}\x14{annotation.text}\x14\x00".encode("utf-8", "replace")


def decode_annotations(raw: bytes) -> list[Annotation]:
    """Annotations of one data record, without the timekeeping ones; damaged ones are left out."""
    return [
        Annotation(float(onset), text.decode("utf-8", "replace"), float(lasts) if lasts else None)
        for onset, lasts, texts in _TAL.findall(raw)
        for text in texts.split(b"\x14")
        if text
    ]


def record_onset(raw: bytes) -> float | None:
    """When a data record begins, seconds; None if it does not say so."""
    found = _TAL.match(raw)
    return float(found[1]) if found else None


def _decimal(seconds: float) -> str:
    return f"{seconds:.6f}".rstrip("0").rstrip(".")
