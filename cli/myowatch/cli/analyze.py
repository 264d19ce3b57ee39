"""`myowatch analyze`: the live detection, for recorded files."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from myowatch.cli.command_options import detection, mains_option
from myowatch.cli.tables import print_analyses, progress_bar
from myowatch.recordings.storage.problem import Problem, StorageProblem

if TYPE_CHECKING:
    from myowatch.signal.model.settings import DetectionSettings

Analysis = dict[str, Any]
"""The JSON object of one file, with its results or with an `error`."""


@click.command(
    epilog="Example: myowatch analyze night.bdf    or: myowatch analyze nights/*.csv --json"
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--json", "as_json", is_flag=True, help="Print one line of JSON per file, and nothing else."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    help="Number of files to analyse at the same time.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Use a Dask cluster, e.g. tcp://host:8786.")
@mains_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write the JSON of each file into this folder; overwrites nothing.",
)
def analyze(
    files: tuple[Path, ...],
    *,
    as_json: bool,
    jobs: int,
    scheduler: str | None,
    mains: str | None,
    out: Path | None,
) -> int:
    """Detect twitches, cramps and movements in recorded FILES.

    Reads BDF, EDF, plain CSV, and OpenSignals .h5 and .txt. If a file cannot be read, the reason is
    printed on standard error, the other files are analysed, and the exit status is 1.
    """
    if out is not None:
        _make_folder(out)
    work = partial(analyze_file, settings=detection(mains))
    failed = False
    results: list[Analysis] = []
    for file, result in zip(files, _results(files, work, jobs, scheduler), strict=True):
        problem = result.get("error")
        if problem is None and out is not None:
            problem = _write_result(result, out / f"{file.name}.json")
        if problem is not None:
            failed = True
            named = problem if str(file) in problem else f"{file}: {problem}"
            click.echo(str(Problem(named)), err=True)
        if as_json:
            click.echo(json.dumps(result))
        elif "error" not in result:
            results.append(result)
    if not as_json:
        print_analyses(results)
    return int(failed)


def analyze_file(
    path: Path,
    settings: "DetectionSettings",
    on_progress: Callable[[float], None] | None = None,
) -> Analysis:
    """Return the analysis of a file, or an object with an `error` if it is unreadable.

    A module-level function, so that it can be sent to worker processes and clusters.
    """
    from myowatch.recordings.analysis.analyze import analyze as detect
    from myowatch.recordings.export.analysis_json import analysis_as_json

    try:
        return analysis_as_json(detect(path, settings, on_progress))
    except Problem as problem:
        return {"schema": 1, "file": str(path), "error": str(problem)}


def _results(
    files: tuple[Path, ...],
    work: Callable[..., Analysis],
    jobs: int,
    scheduler: str | None,
) -> Iterator[Analysis]:
    """Yield the results in the order of the files, and show the progress on a terminal."""
    if scheduler is None and (jobs == 1 or len(files) == 1):
        for file in files:
            with progress_bar(str(file)) as on_progress:
                result = work(file, on_progress=on_progress)
            yield result
        return
    with _executor(jobs, scheduler) as executor, progress_bar(f"{len(files)} files") as on_progress:
        for done, result in enumerate(executor.map(work, files), start=1):
            on_progress(done / len(files))
            yield result


@contextmanager
def _executor(jobs: int, scheduler: str | None) -> Iterator[Executor]:
    if scheduler is None:
        with ProcessPoolExecutor(jobs) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return
    try:
        from distributed import Client
    except ModuleNotFoundError as missing:
        raise Problem(
            "--scheduler needs Dask, which is not installed", 'pip install "myowatch[scale]"'
        ) from missing
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as unreachable:
        raise Problem(
            f"no Dask scheduler answers at {scheduler}",
            "start one with: dask scheduler (and: dask worker ADDRESS)",
        ) from unreachable
    with client:
        yield client.get_executor()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise Problem(
            f"cannot make the folder {folder} ({refused.strerror})", "choose another with --out"
        ) from refused


def _write_result(result: Analysis, target: Path) -> str | None:
    """Write one result to a new file; return the problem if there is one."""
    from myowatch.recordings.storage.disk import new_text_file

    text = json.dumps(result, indent=1) + "\n"
    try:
        if target.exists():
            if target.read_text(encoding="utf-8", errors="replace") == text:
                return None
            return f"{target} exists already and differs; choose another folder with --out"
        with new_text_file(target) as file:
            file.write(text)
    except OSError as refused:
        return f"cannot read {target} ({refused.strerror}); choose another folder with --out"
    except StorageProblem as refused:
        return str(refused)
    return None
