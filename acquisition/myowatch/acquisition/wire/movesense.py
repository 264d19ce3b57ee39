"""Movesense: the accelerometer of a ready-made sensor, by messages of its GATT service.

A command is a number, a reference of ours and a path. Data are `02`, the reference, the sensor's
milliseconds at the first sample as a little-endian 32-bit number, and x, y, z of each sample as
little-endian floats in m/s2; the rest of a long message comes in one that begins with `03`.
Source: movesense-py, `src/movesense/protocol.py` and `sensor.py`; movesense_bleak, `constants.py`.
"""

import struct

import numpy as np

from myowatch.acquisition.wire.decoding import DeviceFacts, Layout, Reception, Run
from myowatch.acquisition.wire.delimited import Messages
from myowatch.signal.model.samples import AXES, Modality, Samples, Unit

RATES_HZ = (104, 208, 416)
"""Those of its rates (13 to 833 Hz) that show a twitch and fit the radio."""
USUAL_HZ = 208
SUBSCRIBE, UNSUBSCRIBE, DATA, MORE_DATA = 1, 2, 2, 3
REFERENCE = 99
SAMPLE_BYTES = 4 * AXES
STANDARD_GRAVITY = 9.80665
LAYOUT = Layout(
    "ACC",
    Modality.ACCELEROMETER,
    Unit.G,
    ("x", "y", "z"),
    1e-5,  # a 24th of a count of its chip at +-8 g
    clock_period_us=2**32 * 1000,
)
"""The rate is measured by its clock: that of the chip differs from the nominal one by per cents."""
MOST_G = 80.0
"""More than such accelerometers measure; fits 24 bits."""


def start(facts: DeviceFacts) -> tuple[bytes, ...]:
    """Return the command that starts the accelerometer."""
    return (bytes([SUBSCRIBE, REFERENCE]) + f"/Meas/Acc/{_rate(facts)}".encode(),)


STOP = bytes([UNSUBSCRIBE, REFERENCE])


def _rate(facts: DeviceFacts) -> int:
    rate = facts.sampling_rate or USUAL_HZ
    if rate not in RATES_HZ:
        raise ValueError(f"need a rate of {', '.join(map(str, RATES_HZ))} Hz, got {rate:g}")
    return int(rate)


class MovesenseDecoder:
    """Decodes the messages of a sensor.

    Raises
    ------
    ValueError
        If the rate is not supported.
    """

    def __init__(self, facts: DeviceFacts) -> None:
        _rate(facts)
        self.facts = facts
        self._messages = Messages()
        self._rest = b""  # bytes of a sample that continues in the next message
        self._may_continue = False
        self._frames = self._frame_bytes = self._skipped = self._bad = 0

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The one sensor."""
        return (LAYOUT,)

    @property
    def reception(self) -> Reception:
        """Reception counters so far."""
        messages = self._messages
        skipped = self._skipped + messages.skipped_bytes
        return Reception(self._frames, self._frame_bytes, skipped, self._bad + messages.bad)

    def feed(self, data: bytes) -> list[Run]:
        """Return the samples that these bytes complete."""
        runs = []
        for message, size in self._messages.feed(data):
            run = self._read(message)
            if run is None:
                self._skipped += size
            else:
                self._frames += 1
                self._frame_bytes += size
                runs += [run] if len(run.samples) else []
        return runs

    def _read(self, message: bytes) -> Run | None:
        kind, body = message[:2], message[2:]
        if kind == bytes([MORE_DATA, REFERENCE]) and self._may_continue:
            return Run(LAYOUT, self._samples(self._rest + body))
        self._bad += bool(self._rest)
        self._rest, self._may_continue = b"", False
        if kind != bytes([DATA, REFERENCE]) or len(body) < struct.calcsize("<I") + SAMPLE_BYTES:
            return None
        self._may_continue = True
        (milliseconds,) = struct.unpack_from("<I", body)
        return Run(LAYOUT, self._samples(body[4:]), None, milliseconds * 1000)

    def _samples(self, body: bytes) -> Samples:
        n = len(body) // SAMPLE_BYTES
        self._rest = body[n * SAMPLE_BYTES :]
        floats = np.frombuffer(body, "<f4", n * AXES).reshape(n, AXES)
        with np.errstate(invalid="ignore", over="ignore"):
            g = floats.astype(np.float64) / STANDARD_GRAVITY
            counts = np.where(np.abs(g) < MOST_G, np.rint(g / LAYOUT.resolution), np.nan)
        return np.asarray(counts * LAYOUT.resolution)
