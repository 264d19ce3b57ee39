"""The clock of this computer that samples are placed by."""

import time

# Linux stops its monotonic clock while the machine sleeps, and macOS that of Python. A device goes
# on meanwhile, so what it sent is as long as the sleep was. Windows' goes on by itself.
_GOES_ON = getattr(time, "CLOCK_BOOTTIME", None)  # Linux
if _GOES_ON is None and hasattr(time, "CLOCK_UPTIME_RAW"):  # macOS, where this one does not stop
    _GOES_ON = time.CLOCK_MONOTONIC


def now_s() -> float:
    """Seconds from anywhere: never set back by hand or by the network, not stopped by sleep."""
    return time.monotonic() if _GOES_ON is None else time.clock_gettime(_GOES_ON)
