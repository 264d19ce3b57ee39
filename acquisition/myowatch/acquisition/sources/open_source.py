"""The source that a text names."""

from pathlib import Path

from myowatch.acquisition.source.source import EXAMPLES, Source, SourceText, WrongSource

KINDS = "serial:, ble:, file:, sim:, brainflow: and lsl:"


def open_source(text: str, *, site: str = "") -> Source:
    """Return the source that a text names; nothing is opened yet.

    Parameters
    ----------
    text
        `serial:PORT?baud=115200`, `ble:NAME`, `sim:SCENE?seed=1&speed=1`, `file:PATH?speed=1`,
        `brainflow:BOARD?serial_port=...` or `lsl:NAME`.
    site
        Where on the body, unless the text itself has a `site=`.

    Raises
    ------
    WrongSource
        If the text names no source, or an option is wrong.

    Examples
    --------
    >>> open_source("sim:twitchy?seed=7&site=left-thigh").site
    'left-thigh'
    """
    parsed = SourceText.parse(text)
    site = parsed.options.get("site", site)
    match parsed.scheme:
        case "sim":
            from myowatch.acquisition.sources.sim_source import SimSource

            return SimSource.parse(parsed, site)
        case "file":
            from myowatch.acquisition.sources.file_source import FileSource

            return FileSource.parse(parsed, site)
        case "brainflow":
            from myowatch.acquisition.sources.brainflow_source import BrainFlowSource

            return BrainFlowSource.parse(parsed, site)
        case "lsl":
            from myowatch.acquisition.sources.lsl_source import LslSource

            return LslSource.parse(parsed, site)
        case "serial":
            from myowatch.acquisition.sources.serial_source import SerialSource

            return SerialSource.parse(parsed, site)
        case "ble":
            from myowatch.acquisition.sources.ble_source import BleSource

            return BleSource.parse(parsed, site)
    raise _wrong(parsed)


def _wrong(parsed: SourceText) -> WrongSource:
    if Path(parsed.text).exists():
        return WrongSource(f"{parsed.text} is a file", f"say file:{parsed.text}")
    return WrongSource(
        f"{parsed.scheme}: is not a kind of source ({parsed.text})",
        f"there are {KINDS}, for example {EXAMPLES}",
    )
