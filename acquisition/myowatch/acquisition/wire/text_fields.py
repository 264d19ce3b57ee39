"""One line of text taken apart, in the ways that sketches print numbers.

The Arduino IDE's plotter sets the way (ArduinoSerialPlotterProtocol.md): parts separated by space,
tab or comma, each a number or `label:number`; labels that are only digits are none. Besides, `=`
for `:`, `;` for a comma, and JSON: an object or an array a line. A comma is never a decimal one.
"""

import re
from dataclasses import dataclass

NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
NOT_A_NUMBER = r"[+-]?(?:[nN][aA][nN]|[iI][nN][fF])"
"""As Arduino's `print` and C's `printf` write what is none; `ovf` besides."""
SEPARATORS = " \t,;"

_number = re.compile(NUMBER, re.ASCII)
_not_a_number = re.compile(f"{NOT_A_NUMBER}|[+-]?ovf", re.ASCII)
_between = re.compile(f"[{SEPARATORS}]+")
_in_string = r'(?:[^"\\]|\\.)*'
_entry = re.compile(
    rf'[ \t]*(?:"({_in_string})"[ \t]*:[ \t]*)?'
    rf'({NUMBER}|{NOT_A_NUMBER}|null|true|false|"{_in_string}")[ \t]*(?:,|$)',
    re.ASCII,
)
_NO_VALUE = ('"', "true", "false")
_label_end = re.compile(r"[ \t]*([:=])[ \t]*")


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a line: its label, None without one, and the text of its value."""

    label: str | None
    text: str

    @property
    def is_value(self) -> bool:
        """Whether it is a number, or says that it is none."""
        return bool(_number.fullmatch(self.text) or _not_a_number.fullmatch(self.text))

    @property
    def value(self) -> float:
        """Its number; NaN where it is none or cannot be read."""
        return float(self.text) if _number.fullmatch(self.text) else float("nan")

    @property
    def decimals(self) -> int:
        """Digits behind the point; less than 0 for a number as 5e3."""
        if not _number.fullmatch(self.text):
            return 0
        digits, _, exponent = self.text.lower().partition("e")
        return len(digits.partition(".")[2]) - int(exponent or 0)


def read_fields(line: bytes) -> tuple[Field, ...]:
    """Take a line apart; none if there is nothing in it."""
    text = line.decode("ascii", errors="replace").strip()
    if text[:1] in ("{", "["):
        return _json_fields(text) if text[-1] in "}]" else ()
    parts = _between.split(_label_end.sub(r"\1", text).strip(SEPARATORS))
    return tuple(_field(part) for part in parts if part)


def _field(part: str) -> Field:
    label, colon, text = part.replace("=", ":").rpartition(":")
    if not colon or not label or label.isdecimal():
        return Field(None, part)
    return Field(label, text)


def _json_fields(text: str) -> tuple[Field, ...]:
    """Give the numbers of an object or array that holds no other; none if it is malformed.

    Taken apart by hand: a number such as 007 or .5 is none to a JSON parser, but it is to us.
    """
    fields, inside, at = [], text[1:-1], 0
    while entry := _entry.match(inside, at):
        label, value = entry.groups()
        if not value.startswith(_NO_VALUE):
            fields.append(Field(label, "nan" if value == "null" else value))
        at = entry.end()
    return tuple(fields) if at == len(inside) else ()
