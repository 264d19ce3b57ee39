"""Detection of a device's format: first by listening, then by asking."""

import time
from collections.abc import Sequence
from dataclasses import replace

from myowatch.acquisition.device.device import Device, DeviceOptions, Line
from myowatch.acquisition.serial_port.serial_port import SerialPort
from myowatch.acquisition.timing.clock_comparison import now_s
from myowatch.acquisition.wire.formats import Format, recognise
from myowatch.recordings.storage.problem import Problem

SILENT_S = 0.15
"""A device that sends is noticed within this time, at any baud rate."""
LISTEN_S = 0.4
"""From the first byte on, at one baud rate: a dozen lines even at 9600 baud."""
QUIET_S = 0.1
"""A longer pause means no stream: a greeting, or a status message each second."""
ANSWER_S = 0.3
"""Boards answer within milliseconds, radios within a few hundred."""
GIVE_UP_S = 5.0
"""The last round begins before this: the slowest boards have booted by then."""
BETWEEN_S = 0.1
ENOUGH_FRAMES = 5
MORE = 1.5
POLL_S = 0.01

Chunk = tuple[float, bytes]
"""Host clock at the arrival of bytes, and the bytes."""


def probe_port(port: SerialPort, wanted: DeviceOptions) -> tuple[Device, list[Chunk]]:
    """Return what device is at a serial port, and its baud rate.

    Returns
    -------
    the device, and what was received from it at its baud rate

    Raises
    ------
    Problem
        If nothing was received, or nothing in a known format.
    SourceLost
        If the port is gone.
    """
    deadline = now_s() + GIVE_UP_S
    received = 0
    while True:
        for baud in wanted.bauds:
            if port.baud != baud:
                port.baud = baud
            device, chunks = _listen(port, wanted)
            if device is None and _is_quiet(chunks):
                asked = [f for f in wanted.formats if baud in (wanted.baud, *f.baud_rates)]
                device, answer = _ask(port, wanted, asked)
                chunks += answer
            if device is not None:
                return replace(device, baud=baud), chunks
            received += sum(len(data) for _, data in chunks)
        if now_s() >= deadline:
            at = f"at {wanted.baud} baud" if wanted.baud else "at any usual baud rate"
            raise _not_understood(port.name, wanted, received, at)


def probe_line(line: Line, wanted: DeviceOptions) -> tuple[Device, list[Chunk]]:
    """Return what device is at a line without baud rates; see `probe_port`."""
    deadline = now_s() + GIVE_UP_S
    received = 0
    while now_s() < deadline:
        device, chunks = _listen(line, wanted)
        if device is None and _is_quiet(chunks):
            device, answer = _ask(line, wanted, wanted.formats)
            chunks += answer
        if device is not None:
            return device, chunks
        received += sum(len(data) for _, data in chunks)
    raise _not_understood(line.name, wanted, received)


def send(line: Line, commands: Sequence[bytes]) -> None:
    """Send commands, with the pauses that boards need."""
    for number, command in enumerate(commands):
        if number:
            time.sleep(BETWEEN_S)
        line.write(command)


def _listen(line: Line, wanted: DeviceOptions) -> tuple[Device | None, list[Chunk]]:
    chunks: list[Chunk] = []
    received = looked_at = 0
    until = now_s() + SILENT_S
    while (now := now_s()) < until or received > looked_at:
        if data := line.read(POLL_S):
            until = until if chunks else now + LISTEN_S
            chunks.append((now_s(), data))
            received += len(data)
        # Recognition takes microseconds per byte: repeat it only when much more has arrived.
        if received > looked_at * MORE or (now >= until and received > looked_at):
            looked_at = received
            if device := _recognised(wanted, _joined(chunks)):
                return device, chunks
    return _decodes(wanted, _joined(chunks)), chunks


def _is_quiet(chunks: Sequence[Chunk]) -> bool:
    """Return whether a device waits to be started.

    Bytes that cannot be decoded mean another baud rate.
    """
    return not chunks or now_s() - chunks[-1][0] > QUIET_S


def _ask(
    line: Line, wanted: DeviceOptions, formats: Sequence[Format]
) -> tuple[Device | None, list[Chunk]]:
    for each in formats:
        if not each.ask:
            continue
        line.write(each.ask)
        chunks: list[Chunk] = []
        until = now_s() + ANSWER_S
        while now_s() < until:
            if data := line.read(POLL_S):
                chunks.append((now_s(), data))
                if device := _answer_of(wanted, each, _joined(chunks)):
                    return device, chunks
    return None, []


def _answer_of(wanted: DeviceOptions, asked: Format, received: bytes) -> Device | None:
    facts = asked.answered(received)
    return None if facts is None else Device(asked, wanted.facts.merge_over(facts))


def _recognised(wanted: DeviceOptions, received: bytes) -> Device | None:
    found = recognise(received)
    if found is None or found.format not in wanted.formats:
        return None
    return Device(found.format, wanted.facts.merge_over(found.facts))


def _decodes(wanted: DeviceOptions, received: bytes) -> Device | None:
    """Return whether a named format finds whole frames in the bytes."""
    if wanted.format is None:
        return None
    device = Device(wanted.format, wanted.facts)
    decoder = device.decoder()
    decoder.feed(received)
    return device if decoder.reception.frames >= ENOUGH_FRAMES else None


def _joined(chunks: Sequence[Chunk]) -> bytes:
    return b"".join(data for _, data in chunks)


def _not_understood(name: str, wanted: DeviceOptions, received: int, at: str = "") -> Problem:
    at = f" {at}" if at else ""
    if not received:
        return Problem(
            f"nothing was received from {name}{at}",
            "is the board switched on, and does its program send by itself? Press its reset button",
        )
    what = "a format known here" if wanted.format is None else wanted.format.title
    named = "say baud= as in the board's program, or format=" if at else "say format="
    return Problem(
        f"{name} sends something that is not {what}{at}",
        f"{named}; docs/reference/devices.md lists the formats",
    )
