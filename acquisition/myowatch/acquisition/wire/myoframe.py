"""Our own format, `myoframe`; the numbers in brackets are clauses of packet_format.md."""

import struct
from binascii import crc_hqx
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from itertools import groupby, pairwise, repeat
from operator import itemgetter

import numpy as np
import numpy.typing as npt
from cobs import cobs

from myowatch.acquisition.wire.decoding import DeviceFacts, Layout, Reception, Run
from myowatch.acquisition.wire.delimited import Delimited
from myowatch.signal.model.samples import AXES, Modality, Samples, Unit

OVERRUN, LATER, LATER_FORMAT = 0x20, 0x10, 3  # 3.2, 3.3
HEADER, CRC = 8, 2
PACKED = 1


@dataclass(frozen=True, slots=True)
class Data:
    """Runs of some frames, and how many frames had samples, were malformed, or reported a loss."""

    runs: list[Run]
    frames: int = 0
    bad: int = 0
    overruns: int = 0


def is_later(flags: int) -> bool:
    """Return whether a frame's byte 1 is of a later version of the format (3.3)."""
    return flags & LATER != 0 or flags >> 6 == LATER_FORMAT


def read_data(layout: Layout, shape: int, offset: int, raws: Sequence[bytes]) -> Data:
    """Return the samples of frames of one generation and size.

    Parameters
    ----------
    shape
        Byte 1 that they should have, without the overrun bit.
    offset
        The count of zero.
    raws
        Undamaged.
    """
    size, channels = len(raws[0]), len(layout.channels)
    values, bad = _n_values(size, shape >> 6), 0
    if not values or values % channels:
        return Data([], 0, sum(not is_later(raw[1]) for raw in raws))
    records = np.frombuffer(b"".join(raws), _record(size))
    right = records["shape"] & (0xFF ^ OVERRUN) == shape
    if not right.all():
        records = records[right]
        bad = sum(not is_later(raw[1]) for raw in raws) - len(records)
    if not len(records):
        return Data([], 0, bad)
    samples = _counts(records["payload"], shape >> 6, values).reshape(-1, channels)
    if offset:
        samples -= offset
    if layout.resolution != 1:
        samples *= layout.resolution
    overruns = int(np.count_nonzero(records["shape"] & OVERRUN))
    return Data(_cut(layout, samples, records), len(records), bad, overruns)


def _n_values(size: int, coding: int) -> int:
    """Return the number of values in a frame of `n` raw bytes (4.3, 4.4); 0 if not whole."""
    payload = size - HEADER - CRC
    if payload < 0:
        return 0
    if coding == PACKED:
        return 0 if payload % 3 == 1 else payload * 2 // 3
    width = 3 if coding else 2
    return 0 if payload % width else payload // width


@cache
def _record(size: int) -> np.dtype[np.void]:
    payload = size - HEADER - CRC
    return np.dtype(
        [
            ("head", "u1"),
            ("shape", "u1"),
            ("index", "<u2"),
            ("clock", "<u4"),
            ("payload", "u1", (payload,)),
            ("crc", "u1", (CRC,)),
        ]
    )


def _counts(payload: npt.NDArray[np.uint8], coding: int, values: int) -> Samples:
    """Return counts of shape (n_frames, values) from bytes of shape (n_frames, n_bytes)."""
    if coding == 0:
        return np.ascontiguousarray(payload).view("<i2").astype(np.float64)
    if coding == PACKED:
        return _unpacked(payload)[:, :values].astype(np.float64)
    wide = np.zeros((len(payload), values, 4), np.uint8)
    wide[:, :, 1:] = payload.reshape(len(payload), values, 3)
    return (wide.view("<i4")[:, :, 0] >> 8).astype(np.float64)


def _unpacked(payload: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint16]:
    frames, size = payload.shape
    padded = np.zeros((frames, -(-size // 3) * 3), np.uint16)
    padded[:, :size] = payload
    pairs = padded.reshape(frames, -1, 3)
    low = pairs[:, :, 0] | (pairs[:, :, 1] & 0x0F) << 8
    high = pairs[:, :, 1] >> 4 | pairs[:, :, 2] << 4
    return np.stack([low, high], axis=2).reshape(frames, -1)


def _cut(layout: Layout, samples: Samples, records: npt.NDArray[np.void]) -> list[Run]:
    """Cut the samples of equal frames where their index shows a loss (5.2)."""
    each = len(samples) // len(records)
    index, clock = records["index"], records["clock"]
    jumps = (index[1:] - index[:-1] != each).nonzero()[0]
    return [
        Run(layout, samples[begin * each : end * each], int(index[begin]), int(clock[begin]))
        for begin, end in pairwise([0, *(jumps + 1).tolist(), len(index)])
    ]


_FIELDS = struct.Struct("<BBIIbBhH")
COUNT_PERIOD, CLOCK_PERIOD_US = 1 << 16, 1 << 32  # 5.1, 5.3


class Kind(IntEnum):
    """What a sensor measures, as in 6.2."""

    EMG_COUNTS = 0
    EMG_VOLTS = 1
    ACCELEROMETER_G = 2


@dataclass(frozen=True, slots=True)
class Info:
    """One sensor of a board, as it describes itself.

    Parameters
    ----------
    shape
        Byte 1 of its DATA frames without the overrun bit: format and channels.
    offset
        The count of zero.
    device
        Number of the board.
    layout
        None if its kind is of a later version.
    """

    shape: int
    offset: int
    device: int
    layout: Layout | None


def read_info(raw: bytes) -> Info | None:
    """Read an INFO frame whose CRC was right; None if it is malformed (6.6)."""
    if len(raw) < _FIELDS.size + 2:
        return None
    _, shape, rate, mantissa, exponent, sorts, offset, device = _FIELDS.unpack_from(raw)
    if rate == 0 or mantissa == 0:
        return None
    layout = _layout(sorts >> 4, sorts >> 1 & 0x07, (shape & 0x0F) + 1)
    if layout is not None:
        # Read as a decimal number: 48828125 x 10^-13 V is exactly 4.8828125 uV.
        places = exponent + 6 if layout.unit is Unit.MICROVOLT else exponent
        resolution = float(f"{mantissa}e{places}")
        layout = replace(layout, resolution=resolution, sampling_rate=rate / 1000)
    return Info(shape & ~OVERRUN, offset, device, layout)


def _layout(kind: int, sensor: int, channels: int) -> Layout | None:
    periods = {"count_period": COUNT_PERIOD, "clock_period_us": CLOCK_PERIOD_US}
    if kind == Kind.ACCELEROMETER_G and channels == AXES:
        name = _name("ACC", sensor)
        return Layout(name, Modality.ACCELEROMETER, Unit.G, ("x", "y", "z"), 1.0, None, **periods)
    if kind not in (Kind.EMG_COUNTS, Kind.EMG_VOLTS):
        return None
    name = _name("EMG", sensor)
    names = tuple(f"{name}{n + 1}" for n in range(channels)) if channels > 1 else (name,)
    unit = Unit.MICROVOLT if kind == Kind.EMG_VOLTS else Unit.ADC
    return Layout(name, Modality.EMG, unit, names, 1.0, None, **periods)


def _name(kind: str, sensor: int) -> str:
    # By the number alone, so that the order of INFO frames does not matter.
    return kind if sensor == 0 else f"{kind}-{chr(ord('A') + sensor)}"


BAUD_RATES = (500000, 115200, 1000000, 230400)
ASK, START, STOP = b"I", b"S", b"P"  # 7.2
LONGEST = 255  # encoded (9.1)
DATA, INFO, VERSION_AND_TYPE, GENERATION = 0x40, 0x50, 0xF0, 0x0F  # 3.1


def answer(received: bytes) -> DeviceFacts | None:
    """Return the board from its INFO frames; None if there is none."""
    for raw in map(_decoded, received.split(b"\0")[:-1]):
        if crc_hqx(raw, 0xFFFF) or raw[0] & VERSION_AND_TYPE != INFO:
            continue
        if info := read_info(raw):
            return DeviceFacts(board=f"myoframe {info.device:04x}")
    return None


class MyoframeDecoder:
    """Decodes the frames of a board and all its sensors."""

    def __init__(self, facts: DeviceFacts) -> None:
        self.facts = facts
        self._pieces = Delimited(b"\0", LONGEST)
        self._infos: dict[int, Info] = {}  # by generation (3.4)
        self._last_raw: dict[int, bytes] = {}
        self._layouts: dict[str, Layout] = {}
        self._frames = self._frame_bytes = self._skipped = self._bad = self._overruns = 0

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """Sensors with a received INFO: EMG first, then by number."""
        return tuple(sorted(self._layouts.values(), key=_place))

    @property
    def reception(self) -> Reception:
        """Reception counters so far; frames of an unknown sensor are skipped."""
        pieces = self._pieces
        return Reception(
            self._frames,
            self._frame_bytes,
            self._skipped + pieces.dropped_bytes,
            self._bad + pieces.dropped_pieces,
            self._overruns,
        )

    def feed(self, data: bytes) -> list[Run]:
        """Return the samples that these bytes complete; INFO applies to the frames after it."""
        runs: list[Run] = []
        for head, frames in groupby(self._undamaged(self._pieces.feed(data)), itemgetter(0)):
            for size, alike in groupby(frames, len):
                if head & VERSION_AND_TYPE == DATA:
                    runs += self._read_data(self._infos.get(head & GENERATION), size, list(alike))
                elif head & VERSION_AND_TYPE == INFO:
                    for raw in alike:
                        self._read_info(raw)
                else:
                    self._skip(size, sum(1 for _ in alike))
        return runs

    def _undamaged(self, frames: list[bytes]) -> list[bytes]:
        """Return the raw bytes of the frames with valid COBS and CRC."""
        try:
            raws = list(map(cobs.decode, frames))
        except cobs.DecodeError:
            raws = [_decoded(frame) for frame in frames]
        remainders = list(map(crc_hqx, raws, repeat(0xFFFF)))
        if not any(remainders):
            return raws
        undamaged = []
        for frame, raw, remainder in zip(frames, raws, remainders, strict=True):
            if remainder:
                self._bad += bool(frame)  # delimiters in a row are not damage (1.4)
                self._skipped += len(frame) + 1
            else:
                undamaged.append(raw)
        return undamaged

    def _read_info(self, raw: bytes) -> None:
        generation = raw[0] & GENERATION
        if self._last_raw.get(generation) == raw:
            self._take(len(raw), 1)
            return
        info = None if is_later(raw[1]) else read_info(raw)
        if info is None:
            self._bad += not is_later(raw[1])
            self._skip(len(raw), 1)
            return
        self._take(len(raw), 1)
        self._infos[generation], self._last_raw[generation] = info, raw
        if info.layout is not None:
            self._layouts[info.layout.name] = info.layout

    def _read_data(self, info: Info | None, size: int, raws: list[bytes]) -> list[Run]:
        """Return the samples of DATA frames of one generation and size."""
        if info is None or info.layout is None:
            self._skip(size, len(raws))
            return []
        data = read_data(info.layout, info.shape, info.offset, raws)
        self._take(size, data.frames)
        self._skip(size, len(raws) - data.frames)
        self._bad += data.bad
        self._overruns += data.overruns
        return data.runs

    def _take(self, size: int, frames: int) -> None:
        self._frames += frames
        self._frame_bytes += frames * (size + 2)

    def _skip(self, size: int, frames: int) -> None:
        self._skipped += frames * (size + 2)


def _place(layout: Layout) -> tuple[bool, str]:
    return layout.modality is not Modality.EMG, layout.name


def _decoded(frame: bytes) -> bytes:
    """Decode COBS; empty if it is damaged."""
    try:
        raw: bytes = cobs.decode(frame)
    except cobs.DecodeError:
        return b""
    return raw
