"""A first look at sensors: what they are, and how good their signal is."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from myowatch.acquisition.serial_port.port_list import PortInfo
from myowatch.acquisition.source.source import Source
from myowatch.acquisition.sources.serial_source import SerialSource
from myowatch.recordings.analysis.analyze import make_detector
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.events import Condition
from myowatch.signal.model.samples import Stream
from myowatch.signal.model.settings import DetectionSettings

LOOK_S = 3.0
"""The noise floor is known after one second, the mains frequency after two."""
MOST_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What was found at one port, or about one source.

    Parameters
    ----------
    port
        For other sources than ports: the source text.
    source
        Source text for `myowatch record`; empty if nothing was found.
    problem
        Why nothing was found, and what to do; empty otherwise.
    streams, conditions
        Its streams, and the condition of each.
    """

    port: PortInfo
    source: str = ""
    problem: str = ""
    streams: tuple[Stream, ...] = ()
    conditions: tuple[Condition, ...] = ()
    link: LinkQuality | None = None


def look_at_ports(ports: Sequence[PortInfo], seconds: float = LOOK_S) -> list[FirstLook]:
    """Listen to ports side by side; boards that wait are started, and stopped again."""
    if not ports:
        return []
    with ThreadPoolExecutor(min(len(ports), MOST_AT_ONCE)) as pool:
        return list(pool.map(lambda port: _look(port, SerialSource(port.name), seconds), ports))


def look_at_source(source: Source, seconds: float = LOOK_S) -> FirstLook:
    """Listen to any source, such as a wearable."""
    return _look(PortInfo(source.text), source, seconds)


def _look(port: PortInfo, source: Source, seconds: float) -> FirstLook:
    try:
        streams = source.open()
        conditions = _listen(source, streams, seconds)
        text = source.exact_text if isinstance(source, SerialSource) else source.text
        return FirstLook(port, text, "", streams, conditions, source.link)
    except Problem as problem:
        return FirstLook(port, problem=str(problem), link=source.link)
    finally:
        source.close()


def _listen(source: Source, streams: Sequence[Stream], seconds: float) -> tuple[Condition, ...]:
    detector = make_detector(streams, DetectionSettings())
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for block in source.read() or []:
            detector.process(block)
    return tuple(detector.condition(stream.name) for stream in streams)
