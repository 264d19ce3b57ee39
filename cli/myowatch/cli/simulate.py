"""`myowatch simulate`: recordings with known true events."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from myowatch.cli.command_options import Duration
from myowatch.cli.tables import console, errors, progress_bar
from myowatch.recordings.storage.problem import Problem

if TYPE_CHECKING:
    from myowatch.acquisition.simulator import Simulation
    from myowatch.recordings.bdf.bdf_writer import BdfWriter
    from myowatch.recordings.formats.csv_writer import CsvWriter


@click.command(
    epilog="Example: myowatch simulate twitchy --out night.bdf --duration 8h --truth night.json"
)
@click.argument("scene")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="A new .csv or .bdf file."
)
@click.option("--duration", type=Duration(), default="10m", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--truth", type=click.Path(path_type=Path), help="A new JSON file for the true events."
)
@click.option(
    "--rate",
    type=float,
    help="Sampling rate in Hz; if not given 1000 (EMG) or 200, in wild drawn from the seed.",
)
@click.option("--channels", type=int, default=1, show_default=True, help="EMG channels.")
@click.option(
    "--modality",
    type=click.Choice(["emg", "accelerometer", "both"]),
    default="emg",
    show_default=True,
)
@click.option(
    "--mains",
    type=click.Choice(["50", "60"]),
    help="Frequency of the hum in Hz; if not given 50, in wild drawn from the seed.",
)
def simulate(
    scene: str,
    *,
    out: Path,
    duration: timedelta,
    seed: int,
    truth: Path | None,
    rate: float | None,
    channels: int,
    modality: str,
    mains: str | None,
) -> None:
    """Write a simulated recording of SCENE, and its true events.

    SCENE is calm, twitchy, cramp, restless, electrode-off, heartbeat or demo; clean, medium, hard
    and wild are for measuring detection. In wild each seed is another wearer with another sensor.
    The same scene, seed and rate always give the same samples. Existing files are never
    overwritten.
    """
    from myowatch.acquisition.simulator import SCENE_NAMES, Simulation, WornSensors

    if scene not in SCENE_NAMES:
        raise click.UsageError(f"there is no scene {scene!r}; there are {', '.join(SCENE_NAMES)}")
    mains_hz = float(mains) if mains else None
    try:
        simulation = Simulation(scene, seed, rate, channels, WornSensors(modality), mains_hz)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    if truth == out:
        raise click.UsageError("--out and --truth name the same file")
    if truth is not None and truth.exists():
        raise Problem(f"{truth} exists already", "choose another name; nothing is overwritten")
    try:
        _simulate(simulation, duration.total_seconds(), out, truth)
    except KeyboardInterrupt:
        errors.print(f"interrupted; {out} is removed", soft_wrap=True, markup=False)
        raise


def _simulate(simulation: "Simulation", duration_s: float, out: Path, truth: Path | None) -> None:
    from myowatch.acquisition.recorder.stop_request import Stop, on_signals
    from myowatch.acquisition.simulator import Wearer, visible_events
    from myowatch.acquisition.simulator.true_events import write_truth
    from myowatch.recordings.storage.disk import remove_on_error

    wearer = Wearer(simulation)
    events = []
    n_samples = {s.name: round(duration_s * s.sampling_rate) for s in wearer.streams}
    made: list[Path] = []
    stop = Stop()
    with (
        on_signals(stop),
        remove_on_error(lambda: made),
        _writer(simulation, out) as writer,
        progress_bar(f"simulating {out.name}") as on_progress,
    ):
        made += getattr(writer, "paths", [out])
        for second in range(math.ceil(duration_s)):
            blocks, true_events = wearer.second()
            events += true_events
            for block in blocks:
                left = max(n_samples[block.stream.name] - block.first_sample, 0)
                writer.write(replace(block, samples=block.samples[:left]))
            on_progress(second / duration_s)
            if stop.requested:  # only here: a writer interrupted while it writes cannot be closed
                raise KeyboardInterrupt
    true_events = visible_events(events, n_samples)
    for path in made:
        console.print(f"{path}", soft_wrap=True, markup=False)
    if truth is not None:
        write_truth(truth, out, wearer.streams, n_samples, true_events)
        console.print(f"{truth}: {len(true_events)} true events", soft_wrap=True, markup=False)


def _writer(simulation: "Simulation", out: Path) -> "CsvWriter | BdfWriter":
    from myowatch.recordings.bdf.bdf_writer import BdfWriter
    from myowatch.recordings.formats.csv_writer import CsvWriter

    streams, started = simulation.streams(), datetime.now().astimezone()
    match out.suffix.lower():
        case ".csv":
            return CsvWriter(out, streams, started=started)
        case ".bdf":
            source = f"sim:{simulation.scene}?seed={simulation.seed}"
            return BdfWriter(out, streams, started=started, session_id="", source=source)
    raise click.UsageError(f"--out {out}: its name has to end in .csv or .bdf")
