"""Our own format, `myoframe`; the numbers in brackets are clauses of packet_format.md.

What takes time is done in C: cutting at the delimiters, undoing COBS, the CRC, and all samples of
a read at once.
"""

from binascii import crc_hqx
from itertools import groupby, repeat
from operator import itemgetter

from cobs import cobs

from myowatch.acquisition.wire.decoding import Facts, Layout, Reception, Run
from myowatch.acquisition.wire.delimited import Delimited
from myowatch.acquisition.wire.myoframe_payloads import Info, is_later, read_data, read_info
from myowatch.signal.model.samples import Modality

BAUD_RATES = (500000, 115200, 1000000, 230400)
ASK, START, STOP = b"I", b"S", b"P"  # 7.2
LONGEST = 255  # encoded (9.1)
DATA, INFO, VERSION_AND_TYPE, GENERATION = 0x40, 0x50, 0xF0, 0x0F  # 3.1


def answered(heard: bytes) -> Facts | None:
    """Return what a board's INFO tells; None if none was heard."""
    for raw in map(_decoded, heard.split(b"\0")[:-1]):
        if crc_hqx(raw, 0xFFFF) or raw[0] & VERSION_AND_TYPE != INFO:
            continue
        if info := read_info(raw):
            return Facts(board=f"myoframe {info.device:04x}")
    return None


class MyoframeDecoder:
    """Decodes the frames of a board, of all its sensors."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._pieces = Delimited(b"\0", LONGEST)
        self._infos: dict[int, Info] = {}  # by generation (3.4)
        self._said: dict[int, bytes] = {}
        self._layouts: dict[str, Layout] = {}
        self._frames = self._frame_bytes = self._skipped = self._bad = self._overruns = 0

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The sensors whose INFO came: EMG first, then by their number."""
        return tuple(sorted(self._layouts.values(), key=_place))

    @property
    def reception(self) -> Reception:
        """How the bytes came through until now; frames of an unknown sensor are skipped."""
        pieces = self._pieces
        return Reception(
            self._frames,
            self._frame_bytes,
            self._skipped + pieces.dropped_bytes,
            self._bad + pieces.dropped_pieces,
            self._overruns,
        )

    def feed(self, data: bytes) -> list[Run]:
        """Give the samples that these bytes complete; INFO counts from where it stands on."""
        runs: list[Run] = []
        for head, frames in groupby(self._undamaged(self._pieces.feed(data)), itemgetter(0)):
            for size, alike in groupby(frames, len):
                if head & VERSION_AND_TYPE == DATA:
                    runs += self._read(self._infos.get(head & GENERATION), size, list(alike))
                elif head & VERSION_AND_TYPE == INFO:
                    for raw in alike:
                        self._inform(raw)
                else:
                    self._skip(size, sum(1 for _ in alike))
        return runs

    def _undamaged(self, frames: list[bytes]) -> list[bytes]:
        """Give the raw bytes of those frames whose COBS and CRC are right."""
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
                self._bad += bool(frame)  # nothing between two delimiters is no damage (1.4)
                self._skipped += len(frame) + 1
            else:
                undamaged.append(raw)
        return undamaged

    def _inform(self, raw: bytes) -> None:
        generation = raw[0] & GENERATION
        if self._said.get(generation) == raw:
            self._take(len(raw), 1)
            return
        info = None if is_later(raw[1]) else read_info(raw)
        if info is None:
            self._bad += not is_later(raw[1])
            self._skip(len(raw), 1)
            return
        self._take(len(raw), 1)
        self._infos[generation], self._said[generation] = info, raw
        if info.layout is not None:
            self._layouts[info.layout.name] = info.layout

    def _read(self, info: Info | None, size: int, raws: list[bytes]) -> list[Run]:
        """Give the samples of DATA frames of one generation and size."""
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
    """Undo COBS; nothing if it is damaged."""
    try:
        raw: bytes = cobs.decode(frame)
    except cobs.DecodeError:
        return b""
    return raw
