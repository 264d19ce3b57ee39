"""Finding out what is behind an open port: listening first, then asking."""

import time
from collections.abc import Sequence

from myowatch.acquisition.ports.device import Device, Wanted
from myowatch.acquisition.ports.serial_port import SerialPort
from myowatch.acquisition.timing.host_clock import now_s
from myowatch.acquisition.wire.formats import Format
from myowatch.acquisition.wire.recognition import recognise
from myowatch.recordings.problem import Problem

SILENT_S = 0.15
"""A device that speaks does so within this, at whatever speed it is heard."""
LISTEN_S = 0.4
"""From the first byte on, at one speed: lines at 9600 baud still bring a dozen."""
QUIET_S = 0.1
"""A stream that is worth recording has no such pauses; a greeting, or a status each second, has."""
ANSWER_S = 0.3
"""Boards answer within a few milliseconds, radios within a few hundred."""
GIVE_UP_S = 5.0
"""The round that is then under way is the last: the slowest boards have booted before it."""
BETWEEN_S = 0.1
ENOUGH_FRAMES = 5
MORE = 1.5
POLL_S = 0.01

Chunk = tuple[float, bytes]
"""When bytes were there by the host's clock, and the bytes."""


def recognise_device(port: SerialPort, wanted: Wanted) -> tuple[Device, list[Chunk]]:
    """Find out what a device is.

    Returns
    -------
    the device, and what was heard of it at the speed that turned out right

    Raises
    ------
    Problem
        If nothing was heard, or nothing that is understood.
    SourceLost
        If the port has gone.
    """
    give_up = now_s() + GIVE_UP_S
    heard = 0
    while True:
        for baud in wanted.bauds:
            if port.baud != baud:
                port.baud = baud
            device, chunks = _listen(port, wanted)
            if device is None and _is_quiet(chunks):
                device, answer = _ask(port, wanted)
                chunks += answer
            if device is not None:
                return device, chunks
            heard += sum(len(data) for _, data in chunks)
        if now_s() >= give_up:
            raise _not_understood(port, wanted, heard)


def send(port: SerialPort, commands: Sequence[bytes]) -> None:
    """Send commands with the pause between them that boards need."""
    for number, command in enumerate(commands):
        if number:
            time.sleep(BETWEEN_S)
        port.write(command)


def _listen(port: SerialPort, wanted: Wanted) -> tuple[Device | None, list[Chunk]]:
    chunks: list[Chunk] = []
    heard = looked_at = 0
    until = now_s() + SILENT_S
    while (now := now_s()) < until or heard > looked_at:
        if data := port.read(POLL_S):
            until = until if chunks else now + LISTEN_S
            chunks.append((now_s(), data))
            heard += len(data)
        # Looking takes some microseconds a byte: what has hardly grown is not looked at again.
        if heard > looked_at * MORE or (now >= until and heard > looked_at):
            looked_at = heard
            if device := _recognised(port, wanted, _joined(chunks)):
                return device, chunks
    return _explained(port, wanted, _joined(chunks)), chunks


def _is_quiet(chunks: Sequence[Chunk]) -> bool:
    """Whether a device waits; what sends all the time and is not understood has another speed."""
    return not chunks or now_s() - chunks[-1][0] > QUIET_S


def _ask(port: SerialPort, wanted: Wanted) -> tuple[Device | None, list[Chunk]]:
    for each in wanted.formats:
        if not each.ask or port.baud not in (wanted.baud, *each.baud_rates):
            continue
        port.write(each.ask)
        chunks: list[Chunk] = []
        until = now_s() + ANSWER_S
        while now_s() < until:
            if data := port.read(POLL_S):
                chunks.append((now_s(), data))
                if device := _answered(port, wanted, each, _joined(chunks)):
                    return device, chunks
    return None, []


def _answered(port: SerialPort, wanted: Wanted, asked: Format, heard: bytes) -> Device | None:
    facts = asked.answered(heard)
    return None if facts is None else Device(asked, wanted.facts.over(facts), port.baud)


def _recognised(port: SerialPort, wanted: Wanted, heard: bytes) -> Device | None:
    found = recognise(heard)
    if found is None or found.format not in wanted.formats:
        return None
    return Device(found.format, wanted.facts.over(found.facts), port.baud)


def _explained(port: SerialPort, wanted: Wanted, heard: bytes) -> Device | None:
    """Take a format that was named at its word if it finds whole frames in what was heard."""
    if wanted.format is None:
        return None
    device = Device(wanted.format, wanted.facts, port.baud)
    decoder = device.decoder()
    decoder.feed(heard)
    return device if decoder.reception.frames >= ENOUGH_FRAMES else None


def _joined(chunks: Sequence[Chunk]) -> bytes:
    return b"".join(data for _, data in chunks)


def _not_understood(port: SerialPort, wanted: Wanted, heard: int) -> Problem:
    at = f"{wanted.baud} baud" if wanted.baud else "any usual baud rate"
    if not heard:
        return Problem(
            f"nothing was heard from {port.name} at {at}",
            "is the board switched on, and does its program send by itself? Press its reset button",
        )
    what = "a format known here" if wanted.format is None else wanted.format.title
    return Problem(
        f"{port.name} sends something that is not {what} at {at}",
        "say baud= as in the board's program, or format=; docs/devices.md lists the formats",
    )
