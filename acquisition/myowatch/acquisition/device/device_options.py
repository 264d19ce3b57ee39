"""What may stand behind the question mark of a `serial:` or `ble:` source."""

from myowatch.acquisition.device.device import Wanted
from myowatch.acquisition.source.source_text import SourceText, WrongSource
from myowatch.acquisition.wire.decoding import Facts
from myowatch.acquisition.wire.formats import FORMATS, Format, format_named
from myowatch.signal.model.column_units import COLUMN_UNITS, ColumnUnit, column_unit
from myowatch.signal.model.samples import Modality

OPTIONS = ("format", "rate", "channels", "bits", "modality", "unit", "clock", "site")
ANY = "auto"


def wanted_of(text: SourceText) -> Wanted:
    """Read the options of a source.

    Raises
    ------
    WrongSource
        If there is no such option, or it has no such value.
    """
    has_speed = text.scheme == "serial"
    text.only(*(("baud",) if has_speed else ()), *OPTIONS)
    if not text.address:
        raise WrongSource(f"{text.text!r} names no device", "see myowatch devices")
    formats = ", ".join((ANY, *(each.name for each in FORMATS)))
    facts = Facts(
        channels=text.option("channels", _whole, None, needs="a whole number above 0"),
        sampling_rate=text.option("rate", _hertz, None, needs="a number of hertz above 0"),
        bits=text.option("bits", _whole, None, needs="a whole number above 0"),
        modality=text.option("modality", Modality, None, needs=" or ".join(Modality)),
        unit=text.option("unit", _unit, None, needs=f"one of {', '.join(COLUMN_UNITS)}"),
        clock=text.options.get("clock"),
    )
    return Wanted(
        text.option("format", _format, None, needs=f"one of {formats}"),
        text.option("baud", _whole, None, needs="a whole number, such as 115200"),
        facts,
    )


def _format(name: str) -> Format | None:
    found = format_named(name)
    if found is None and name != ANY:
        raise ValueError(f"there is no format {name}")
    return found


def _whole(text: str) -> int | None:
    number = int(text)
    if number <= 0:
        raise ValueError(f"need a number above 0, got {number}")
    return number


def _hertz(text: str) -> float | None:
    rate = float(text)
    if not 0 < rate < float("inf"):
        raise ValueError(f"need a rate above 0, got {rate}")
    return rate


def _unit(name: str) -> ColumnUnit | None:
    if (found := column_unit(name)) is None:
        raise ValueError(f"there is no unit {name}")
    return found
