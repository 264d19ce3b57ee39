"""The search for sensors as a child process, and what it found."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from myowatch.dashboard.devices import devices_text as words
from myowatch.dashboard.live import live_text as live_words
from myowatch.dashboard.text.common_text import UNITS

SCAN_TAKES_S = 9.0
TEST_TAKES_S = 6.0
"""About; boards that boot, and radios that are slow, take longer."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search that runs or has ended.

    Parameters
    ----------
    source
        Of the one sensor that is tried; empty if all are looked for.
    said, complained
        What it writes on standard output and standard error.
    began
        Seconds since the system started.
    """

    source: str
    process: subprocess.Popen[bytes]
    said: IO[bytes]
    complained: IO[bytes]
    began: float

    @property
    def running(self) -> bool:
        """Whether the search runs."""
        return self.process.poll() is None

    @property
    def progress(self) -> float:
        """Approximate progress, 0 to 0.97; the duration is not known in advance."""
        takes = TEST_TAKES_S if self.source else SCAN_TAKES_S
        return min((time.monotonic() - self.began) / takes, 0.97)

    def output(self) -> tuple[str, str]:
        """Return standard output and errors of the search, once it has ended."""
        return _whole(self.said), _whole(self.complained)

    def cancel(self) -> None:
        """End the search as Ctrl-C would: boards that were started are stopped again."""
        if os.name == "nt":
            self.process.terminate()
        else:
            self.process.send_signal(signal.SIGINT)


def start_search(source: str = "") -> Search:
    """Search for all sensors, or test one of them."""
    # -P: whatever lies in the folder the server was started from is not ours to import.
    command: Sequence[str] = [sys.executable, "-P", "-m", "myowatch", "devices", "--json"]
    if source:
        command = [*command, "--", source]
    # Files, not pipes, because nothing reads while it runs. They are deleted with the search.
    said = tempfile.TemporaryFile()  # noqa: SIM115
    complained = tempfile.TemporaryFile()  # noqa: SIM115
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=complained)
    return Search(source, process, said, complained, time.monotonic())


def _whole(file: IO[bytes]) -> str:
    with file:
        file.seek(0)
        return file.read().decode("utf-8", errors="replace").strip()


NEAR_DBM, FAR_DBM = -65, -82
SLOWEST_FOR_TWITCHES_HZ = {"emg": 100.0, "accelerometer": 50.0}
"""As `docs/explanation/detection.md` has them; what is slower is recorded only."""
OF_ALL_SAMPLES = 0.001
"""More lost samples than this share of them are worth a word."""


@dataclass(frozen=True, slots=True)
class FoundSensor:
    """One sensor that was found.

    Parameters
    ----------
    source
        What records it; empty if nothing does.
    title, about
        What it is called, and what it is.
    rssi_dbm
        How strongly its radio is received; None at a cable.
    profile
        By which it is known over Bluetooth LE.
    problem
        Why nothing is heard of it, and what to do.
    streams
        As in the JSON.
    """

    source: str
    title: str
    about: str
    rssi_dbm: int | None
    profile: str
    problem: str
    streams: Sequence[Mapping[str, Any]]
    link: Mapping[str, Any]

    @property
    def strength(self) -> str:
        """Signal strength of the radio in words; empty for a cable."""
        if self.rssi_dbm is None:
            return ""
        near = self.rssi_dbm >= NEAR_DBM
        how = words.NEAR if near else words.FAR if self.rssi_dbm < FAR_DBM else words.MIDDLE
        return words.STRENGTH.format(how=how, dbm=self.rssi_dbm)

    @property
    def good_for(self) -> str:
        """What can be counted with the sensor."""
        if self.profile:
            return words.PROFILES.get(self.profile, "")
        able = {
            stream["modality"]
            for stream in self.streams
            if stream["sampling_rate_hz"] >= SLOWEST_FOR_TWITCHES_HZ[stream["modality"]]
        }
        if self.streams and not able:
            return words.TOO_SLOW
        return " ".join(words.GOOD_FOR[modality] for modality in sorted(able, reverse=True))


def read_found(said: str) -> tuple[list[FoundSensor], int]:
    """Return the sensors in the command's JSON, and how many unknown ones are in reach."""
    try:
        listed = json.loads(said or "[]")
    except ValueError:  # it was ended while it wrote
        listed = []
    found = [_found(each) for each in listed]
    known = [each for each in found if each.source or each.problem]
    return known, len(found) - len(known)


def _found(said: Mapping[str, Any]) -> FoundSensor:
    radio = said["bluetooth"] or {}
    return FoundSensor(
        source=said["source"] or "",
        title=radio.get("name") or said["port"],
        about=said["seems"],
        rssi_dbm=radio.get("rssi_dbm"),
        profile=radio.get("profile") or "",
        problem=said["problem"] or "",
        streams=said["streams"],
        link=said["link"] or {},
    )


def signal_verdicts(found: FoundSensor) -> list[tuple[str, bool, str]]:
    """Return name and state, whether the signal is good, and advice, for each stream."""
    return [_verdict(stream) for stream in found.streams]


def losses_in_words(found: FoundSensor, seconds: float) -> str:
    """Return what was lost during the test, in words; empty if almost nothing was."""
    sent = sum(stream["sampling_rate_hz"] for stream in found.streams) * seconds
    missing = found.link.get("lost_samples", 0)
    return words.LOST.format(n=missing) if missing > OF_ALL_SAMPLES * sent else ""


def _verdict(stream: Mapping[str, Any]) -> tuple[str, bool, str]:
    name, advice = live_words.QUALITY.get(stream["quality"], (stream["quality"], ""))
    unit = UNITS.get(stream["unit"], stream["unit"])
    parts = [words.RATE.format(rate=stream["sampling_rate_hz"])]
    if stream["noise_floor"]:
        parts.append(words.NOISE.format(noise=stream["noise_floor"], unit=unit))
    if stream["mains_hz"]:
        parts.append(words.MAINS.format(hz=stream["mains_hz"]))
    good = stream["quality"] == "good"
    return f"{stream['name']}: {name}", good, " ".join([*parts, advice]).strip()
