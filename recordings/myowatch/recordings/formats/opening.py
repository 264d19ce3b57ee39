"""Open any recorded file: the reader is chosen by the first bytes of the file."""

from pathlib import Path
from typing import BinaryIO

from myowatch.recordings.bdf.bdf_reader import BdfRecording
from myowatch.recordings.bdf.edf_header import looks_like_edf
from myowatch.recordings.formats.edf_reader import EdfRecording
from myowatch.recordings.formats.opensignals_files import FIRST_LINE, OpenSignalsH5, OpenSignalsText
from myowatch.recordings.model.recording import Recording
from myowatch.recordings.storage.problem import UnreadableRecording

_HDF5 = b"\x89HDF\r\n\x1a\n"


def open_recording(path: Path, *, site: str = "") -> Recording:
    r"""Open a recorded file of any format that is understood.

    Parameters
    ----------
    site
        Where the sensor was, for streams that do not say so themselves.

    Raises
    ------
    UnreadableRecording
        If it cannot be opened or read; some damage shows only in `Recording.blocks`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from myowatch.recordings import open_recording
    >>> rows = "".join(f"{i / 1000},{i % 3}\n" for i in range(2000))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rest.csv"
    ...     _ = path.write_text(f"time_s,EMG [uV]\n{rows}", "utf-8")
    ...     with open_recording(path) as recording:
    ...         stream = recording.streams[0]
    ...         blocks = [block.samples.shape for block in recording.blocks()]
    >>> stream.name, stream.unit.value, stream.sampling_rate
    ('EMG', 'uV', 1000.0)
    >>> sum(n_samples for n_samples, n_channels in blocks)
    2000
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unopened(path, error) from error
    try:
        if not file.seekable():
            raise UnreadableRecording(
                f"{path} is a pipe, which cannot be read twice", "save it to a file first"
            )
        return _choose(path, file, file.read(512), site)
    except OSError as error:
        file.close()
        raise _unopened(path, error) from error
    except BaseException:
        file.close()
        raise


def _unopened(path: Path, error: OSError) -> UnreadableRecording:
    if isinstance(error, IsADirectoryError):
        return UnreadableRecording(f"{path} is a folder", "name the files in it")
    if isinstance(error, FileNotFoundError):
        return UnreadableRecording(f"there is no file {path}", "check its name and folder")
    return UnreadableRecording(
        f"cannot open {path}: {error.strerror or error}", "check the name and who may read it"
    )


def _choose(path: Path, file: BinaryIO, beginning: bytes, site: str) -> Recording:
    if not beginning:
        raise UnreadableRecording(f"{path} is empty", "is it the right file?")
    if looks_like_edf(beginning):
        ours = BdfRecording.open(path, file)
        return ours if ours is not None else EdfRecording(path, file, site)
    if beginning.startswith(_HDF5):
        file.close()
        return OpenSignalsH5(path, site)
    if beginning.startswith(FIRST_LINE):
        return OpenSignalsText(path, file, site)
    from myowatch.recordings.formats.csv_reader import CsvRecording

    return CsvRecording(path, file, site)
