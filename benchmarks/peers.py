"""All published detectors, and what each made of a scene, kept."""

import importlib.metadata
from functools import lru_cache
from pathlib import Path

import peers_biosppy
import peers_neurokit
import peers_simple
from array_cache import ArrayCache, Arrays, source_of
from peer import Filtered, Peer, Spans, filtered
from scenes import SIMULATOR, Recorded

PEERS: tuple[Peer, ...] = (*peers_simple.PEERS, *peers_neurokit.PEERS, *peers_biosppy.PEERS)
_VERSIONS = [importlib.metadata.version(name) for name in ("neurokit2", "biosppy", "obspy")]
_CODE = source_of(Path(__file__).parent, "peer*.py")


def find(library: str, name: str) -> Peer:
    """Give a peer by its name."""
    return next(p for p in PEERS if (p.library, p.name) == (library, name))


def spans(peer: Peer, level: float, record: Recorded, cache: ArrayCache) -> Spans:
    """Find what a peer calls active in the part of a scene that it is run on."""
    minutes = peer.minutes or round(record.hours * 60)
    key = f"{peer.library} {peer.name} {level} {minutes} {record.scene} {SIMULATOR}"

    def run() -> Arrays:
        return {"spans": peer.run(_filtered(record, minutes), level)}

    return cache.get(f"{key} {_VERSIONS} {_CODE}", run)["spans"]


@lru_cache(maxsize=2)
def _filtered(record: Recorded, minutes: int) -> Filtered:
    part = record.first(minutes)
    return filtered(part.samples, part.stream)
