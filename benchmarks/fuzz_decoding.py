"""Decoders under a coverage-guided fuzzer (atheris): it looks for bytes that break a law.

Laws: nothing is raised; how the bytes are cut changes nothing; every byte is accounted for but the
few that wait; what is kept is bounded. A few bytes steer, the others come over the wire: as they
are, or, so that the fuzzer is not stopped by a CRC, as the contents of well-made frames.

    python benchmarks/fuzz_decoding.py text -max_total_time=180
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

# The boards of the tests are the boards of this.
sys.path.append(str(Path(__file__).parent.parent / "tests"))
with atheris.instrument_imports(include=["myowatch.acquisition.wire"]):
    from wire_senders import SENDERS, Sender, bitalino_crc, myoframe, some_counts, told

MOST_WAITING = 16_000
SEEDS = 12


def as_it_is(data: bytes) -> bytes:
    return data


def framed(data: bytes) -> bytes:
    """Frames of `myoframe` with the bytes between each `ff fe` as their contents."""
    return b"".join(myoframe(part[:252]) for part in data.split(b"\xff\xfe"))


def checked(size: int) -> Callable[[bytes], bytes]:
    """Frames of BITalino: each its CRC, and its count where the fuzzer put a 0."""

    def make(data: bytes) -> bytes:
        frames = []
        for count, begin in enumerate(range(0, len(data) - size, size)):
            frame = bytearray(data[begin : begin + size])
            frame[-1] = frame[-1] & 0xF0 or count % 16 << 4
            frame[-1] |= bitalino_crc(bytes(frame))
            frames.append(bytes(frame))
        return b"".join(frames)

    return make


WELL_MADE: dict[str, Callable[[bytes], bytes]] = {
    "myoframe": framed,
    "bitalino": checked(8),
    "bitalino one channel": checked(3),
}


def target(sender: Sender) -> Callable[[bytes], None]:
    sent = sender.send(some_counts(20, sender.channels))
    known = sent.lead + b"".join(sent.frames)
    well_made = WELL_MADE.get(sender.name, as_it_is)

    def run(data: bytes) -> None:
        if len(data) < 4:
            return
        steer, cut, first, data = data[0], data[1] + 9, data[2], data[3:]
        came = known if steer & 1 else b""
        came += well_made(data) if steer & 2 else data
        came += known if steer & 4 else b""
        whole, reception = told(sender.decoder(), [came])
        pieces = [came[:first], *(came[n : n + cut] for n in range(first, len(came), cut))]
        assert (whole, reception) == told(sender.decoder(), pieces)
        waiting = len(came) - reception.frame_bytes - reception.skipped_bytes
        assert 0 <= waiting <= MOST_WAITING, reception

    return run


def main() -> None:
    name, *options = sys.argv[1:]
    sender = next(each for each in SENDERS if each.name == name)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(SEEDS):
            sent = sender.send(some_counts(5 * number + 1, sender.channels, seed=number))
            seed = bytes([number, 7 * number, 3]) + sent.lead + b"".join(sent.frames)
            (Path(folder) / str(number)).write_bytes(seed)
        found = "-artifact_prefix=.cache/"  # what broke a law, to be looked at
        atheris.Setup([sys.argv[0], "-max_len=800", found, *options, folder], target(sender))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
