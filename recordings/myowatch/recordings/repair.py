"""A recording whose recorder was killed or lost power, made whole."""

from pathlib import Path

from myowatch.recordings.bdf_header import N_RECORDS_AT, encode_record_count
from myowatch.recordings.disk import storage_problem
from myowatch.recordings.edf_header import read_header


def repair(path: Path) -> bool:
    """Drop a torn last record and state the record count.

    Only for a file that no living recorder writes; a file that is whole is left as it is.

    Returns
    -------
    whether anything had to be done

    Raises
    ------
    UnreadableRecording
        If even the header is damaged.
    StorageProblem
        If the file cannot be written.
    """
    try:
        with path.open("r+b") as file:
            size = path.stat().st_size
            header = read_header(file, path)
            n_records = header.whole_records(size)
            whole = header.n_bytes + n_records * header.record_bytes
            if header.n_records == n_records and size == whole:
                return False
            file.truncate(whole)
            file.seek(N_RECORDS_AT)
            file.write(encode_record_count(n_records))
    except OSError as error:
        raise storage_problem(path, error) from error
    return True
