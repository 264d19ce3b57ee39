"""What truly happened, beside a simulated recording: the contract's events, as a JSON file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from myowatch.recordings.export.analysis_json import events_as_json
from myowatch.recordings.storage.disk import new_text_file
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Stream


def truth_path(recording: Path) -> Path:
    """Where the true events of a recording are kept: `night.bdf` has `night.bdf.truth.json`."""
    return recording.with_name(recording.name + ".truth.json")


def write_truth(
    path: Path,
    recording: Path,
    streams: Sequence[Stream],
    n_samples: Mapping[str, int],
    events: Sequence[Event],
) -> None:
    """Write true events in the form in which `analyze --json` writes those it finds.

    Raises
    ------
    StorageProblem
        If the file exists or cannot be written.
    """
    content = {
        "schema": 1,
        "file": recording.name,
        "streams": [
            {
                "name": stream.name,
                "modality": stream.modality,
                "unit": stream.unit,
                "sampling_rate_hz": stream.sampling_rate,
                "channels": stream.channels,
                "n_samples": n_samples[stream.name],
                "duration_s": n_samples[stream.name] / stream.sampling_rate,
            }
            for stream in streams
        ],
        **events_as_json(events, streams),
    }
    text = json.dumps(content, indent=1)
    with new_text_file(path) as file:
        file.write(text)
