"""Files on disk: our recordings, readers of other formats, the session store and exports.

Other programs use what `__all__` names:

- `open_recording` reads a file of any known format, block by block;
- `analyze` finds the events in a file;
- `Store` is the index of recorded sessions in a data folder.

Names are imported when first used, because the readers need PyArrow, h5py and SQLAlchemy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from myowatch.recordings.analysis.analyze import Analysis, analyze
    from myowatch.recordings.export.analysis_json import analysis_as_json
    from myowatch.recordings.formats.opening import open_recording
    from myowatch.recordings.model.recording import Marker, Recording
    from myowatch.recordings.storage.data_folder import data_home
    from myowatch.recordings.storage.problem import Problem, UnreadableRecording
    from myowatch.recordings.store.session_info import SessionSummary
    from myowatch.recordings.store.store import Store

__all__ = [
    "Analysis",
    "Marker",
    "Problem",
    "Recording",
    "SessionSummary",
    "Store",
    "UnreadableRecording",
    "analysis_as_json",
    "analyze",
    "data_home",
    "open_recording",
]

_MODULES = {
    "Analysis": "analysis.analyze",
    "Marker": "model.recording",
    "Problem": "storage.problem",
    "Recording": "model.recording",
    "SessionSummary": "store.session_info",
    "Store": "store.store",
    "UnreadableRecording": "storage.problem",
    "analysis_as_json": "export.analysis_json",
    "analyze": "analysis.analyze",
    "data_home": "storage.data_folder",
    "open_recording": "formats.opening",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
