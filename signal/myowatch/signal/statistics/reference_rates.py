"""Published rates of fasciculations in healthy people at rest, for the few muscles measured.

Told as a fact beside a count, never as a limit: rates change from hour to hour and from person to
person. Only figures that stand in the source itself are here.
"""

from dataclasses import dataclass

from myowatch.signal.model.samples import Modality, Stream


@dataclass(frozen=True, slots=True)
class Reference:
    """Fasciculation potentials a minute at rest.

    Parameters
    ----------
    muscle
        Its anatomical name.
    never_above
        A minute, the most that was ever seen; None where no such figure was given.
    at_times_above
        A minute, what was passed now and then; None where no such figure was given.
    people, method
        Who was measured, and what was counted.
    source
        Where it was published.
    """

    muscle: str
    never_above: float | None
    at_times_above: float | None
    people: str
    method: str
    source: str


_PEOPLE = "healthy adults of 18 to 25 years"
_METHOD = "surface electrodes, 2 minutes, potentials of at least 50 uV peak to peak"
_SOURCE = (
    "van der Heijden, Spaans and Reulen 1994, Electroencephalogr Clin Neurophysiol 93:163, "
    "doi:10.1016/0168-5597(94)90036-1"
)
_TIBIALIS = Reference("tibialis anterior", 3.0, None, _PEOPLE, _METHOD, _SOURCE)
_HALLUCIS = Reference("abductor hallucis", None, 100.0, _PEOPLE, _METHOD, _SOURCE)
# The gastrocnemius, and the foot's other muscles, lay between the two; no figure was given.
_BETWEEN = Reference("gastrocnemius", None, None, _PEOPLE, _METHOD, _SOURCE)
_BY_WORD = {
    "shin": _TIBIALIS,
    "tibialis": _TIBIALIS,
    "foot": _HALLUCIS,
    "sole": _HALLUCIS,
    "hallucis": _HALLUCIS,
    "calf": _BETWEEN,
    "gastrocnemius": _BETWEEN,
}


def reference_of(stream: Stream) -> Reference | None:
    """Return the published rate for a sensor's site; None if there is none.

    Skin that an accelerometer rides on moves for other reasons too: nothing is known of it.

    Examples
    --------
    >>> from myowatch.signal.model.samples import Unit
    >>> emg = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.1, "left-shin")
    >>> reference_of(emg).never_above
    3.0
    """
    if stream.modality is not Modality.EMG:
        return None
    words = stream.site.lower().replace("-", " ").replace("_", " ").split()
    return next((_BY_WORD[word] for word in words if word in _BY_WORD), None)
