"""Methods, settings and limits, in small print."""

from collections.abc import Iterator

from myowatch.dashboard.report import phrases
from myowatch.dashboard.report.contents import Report
from myowatch.dashboard.report.document import Paragraph, Section
from myowatch.dashboard.report.wording_sites import references
from myowatch.dashboard.report.wording_thresholds import rules
from myowatch.dashboard.words import report as words
from myowatch.signal.samples import Modality
from myowatch.signal.settings import DetectionSettings


def methods(report: Report) -> Section:
    """Say how it was measured, and what it is not."""
    limits = [words.LIMITS_SAID]
    if report.left_out:
        limits.append(phrases.counted(words.LEFT_OUT, report.left_out))
    if report.relabelled:
        limits.append(phrases.counted(words.RELABELLED, report.relabelled))
    measured = words.FALSE_ALARMS_MEASURED.format(**words.FALSE_ALARMS_AN_HOUR)
    said = (
        (words.IS_NOT, words.IS_NOT_SAID),
        (words.LIMITS, " ".join(limits)),
        (words.RULES_LABEL, rules(report.escalation)),
        (words.REFERENCE_LABEL, references(report)),
        (words.FALSE_ALARMS, measured),
        (words.METHODS, " ".join(_methods(report))),
    )
    paragraphs = (Paragraph(text, label=label, small=True) for label, text in said if text)
    return Section(words.METHODS_TITLE, tuple(paragraphs), style="small")


def _methods(report: Report) -> Iterator[str]:
    modalities = {site.modality for site in report.sites}
    if report.detection is None:
        yield words.METHODS_UNKNOWN
    else:
        yield from _detection(report.detection, modalities)
    if report.settings_changed:
        yield words.METHODS_CHANGED
    yield words.REJECTED
    sessions = phrases.counted(words.SESSIONS, report.sessions)
    yield words.SOFTWARE.format(
        version=report.software,
        sessions=words.SESSION_ID.format(id=report.session) if report.session else sessions,
        made=f"{report.made:%Y-%m-%d %H:%M}",
    )


def _detection(settings: DetectionSettings, modalities: set[Modality]) -> Iterator[str]:
    if Modality.EMG in modalities:
        emg, hz = settings.emg, settings.mains_hz
        yield words.METHODS_EMG.format(
            low=emg.low,
            high=emg.high,
            mains=words.MAINS_FOUND if hz is None else words.MAINS_SET.format(hz=hz),
            deviate=emg.deviate,
            twitch=emg.twitch_max_s,
            cramp=emg.cramp_min_s,
            doublet=emg.doublet_s,
        )
    if Modality.ACCELEROMETER in modalities:
        own = settings.accelerometer
        yield words.METHODS_ACCELEROMETER.format(
            low=own.low, high=own.high, twitch=own.twitch_max_s, cramp=own.cramp_min_s
        )
    if Modality.ENVELOPE in modalities:
        yield words.METHODS_ENVELOPE
