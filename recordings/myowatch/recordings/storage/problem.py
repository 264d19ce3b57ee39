"""Errors that a user can act on: one line, what is wrong and what to do."""


class Problem(Exception):  # noqa: N818 - what a user reads is a problem, not an exception
    """What a user can act on; everything else is a bug and flies.

    Parameters
    ----------
    what
        What is wrong, with the value and the limit.
    remedy
        What to do about it.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        # Values from files end up in here: whatever they hold, the message stays one line.
        self.what = _one_line(what)
        self.remedy = _one_line(remedy)
        super().__init__(self.what, self.remedy)

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}" if self.remedy else self.what


class UnreadableRecording(Problem):
    """A file that is no recording, or too damaged to be read as one."""


class StorageProblem(Problem):
    """The disk is full, the folder read-only, the database damaged or locked."""


class DeviceBusy(Problem):
    """Another recorder has the device."""


class UnknownSession(Problem):
    """No session, or more than one, goes by that name."""


def _one_line(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())
