"""A typical twitch of the period, from the clearest ones."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np

from myowatch.dashboard.report.contents import Twitch
from myowatch.recordings.analysis.analyze import settings_from_text
from myowatch.recordings.bdf.bdf_growing import ExcerptReader
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.recordings.store.counted_streams import CountedStream, select_clearest_twitches
from myowatch.recordings.store.store import Store
from myowatch.signal.detector.typical_twitch import LEAD_S, filter_as_detection, most_typical
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Modality, Samples
from myowatch.signal.model.settings import DetectionSettings

CLEAREST = 48
SHOWN_S = {Modality.EMG: (-0.04, 0.08), Modality.ACCELEROMETER: (-0.1, 0.3)}
"""Around the onset. An EMG potential is over within 40 ms, skin rings for 300 ms."""
_SEARCH_S = {Modality.EMG: (-0.01, 0.03), Modality.ACCELEROMETER: (-0.05, 0.2)}
_AROUND_PEAK_S = {Modality.EMG: (-0.012, 0.018), Modality.ACCELEROMETER: (-0.06, 0.12)}
_SESSIONS_TRIED = 5

Cut = tuple[Event, Samples, Samples]
"""A twitch, what is shown of it, and what is compared: around its peak."""


def typical_twitch(
    store: Store, found: Sequence[CountedStream], on_progress: Callable[[float], None]
) -> Twitch | None:
    """Return a typical twitch of the newest recording with twitches; None if there is none.

    Parameters
    ----------
    found
        What counts, oldest first; electrodes are preferred, their potentials have a shape.
    on_progress
        Told how much of the work is done, 0 to 1.
    """
    able = [one for one in reversed(found) if one.twitches and one.stream.modality in SHOWN_S]
    newest = [one for one in able if one.stream.modality is Modality.EMG] or able
    for session in list(dict.fromkeys(one.session for one in newest))[:_SESSIONS_TRIED]:
        most = max((one for one in newest if one.session == session), key=lambda one: one.twitches)
        if cuts := _cuts(store, most, on_progress):
            return _twitch(most, cuts)
    return None


def _cuts(store: Store, one: CountedStream, on_progress: Callable[[float], None]) -> list[Cut]:
    with store.transaction() as connection:
        events = select_clearest_twitches(connection, one, CLEAREST)
    settings = settings_from_text(one.settings) or DetectionSettings()
    path = store.home / one.file
    cuts = []
    try:
        with ExcerptReader(path) as excerpts:
            for number, event in enumerate(events):
                cuts += _cut(one, excerpts, event, settings)
                on_progress((number + 1) / len(events))
    except UnreadableRecording:
        return cuts  # the recording was deleted, or is elsewhere: the store knows of it still
    return cuts


def _cut(
    one: CountedStream, excerpts: ExcerptReader, event: Event, settings: DetectionSettings
) -> list[Cut]:
    rate, modality = one.stream.sampling_rate, one.stream.modality
    shown, compared = SHOWN_S[modality], _AROUND_PEAK_S[modality]
    before = round((LEAD_S - shown[0]) * rate)
    after = round((shown[1] + compared[1]) * rate)
    raw = excerpts.read(one.stream.name, max(event.onset - before, 0), event.onset + after)
    if len(raw) < before + after or np.isnan(raw).any():
        return []
    clean = filter_as_detection(one.stream, settings, raw)
    low, high = (before + round(s * rate) for s in _SEARCH_S[modality])
    peak = low + int(np.argmax(np.abs(clean[low:high])))
    window = clean[peak + round(compared[0] * rate) : peak + round(compared[1] * rate)]
    first, end = (before + round(s * rate) for s in shown)
    if modality is Modality.ACCELEROMETER and clean[peak] < 0:
        clean, window = -clean, -window  # to which side of a line is chance
    return [(event, clean[first:end], window)]


def _twitch(one: CountedStream, cuts: Sequence[Cut]) -> Twitch:
    event, shown, _ = cuts[most_typical([window for *_, window in cuts])]
    rate = one.stream.sampling_rate
    first = round(SHOWN_S[one.stream.modality][0] * rate)
    return Twitch(
        stream=one.stream,
        at=one.started + timedelta(seconds=event.onset / rate),
        times_s=(first + np.arange(len(shown))) / rate,
        samples=shown,
        duration_s=(event.offset - event.onset) / rate,
        peak=event.peak,
        compared=len(cuts),
    )
