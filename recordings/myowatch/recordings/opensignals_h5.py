"""OpenSignals recordings in HDF5: `<device>/raw/channel_N`, described by attributes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from myowatch.recordings.opensignals import (
    Device,
    DeviceStream,
    form_streams,
    parse_device,
    too_short,
)
from myowatch.recordings.problem import UnreadableRecording
from myowatch.recordings.recording import Recording
from myowatch.signal.samples import SampleBlock

_DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError)
"""What h5py raises over a damaged file, by where the damage is."""


class OpenSignalsH5(Recording):
    """An OpenSignals HDF5 file; use `open_recording`."""

    format = "OpenSignals HDF5"

    def __init__(self, path: Path, site: str = "") -> None:
        super().__init__(path)
        try:
            self._file = h5py.File(path, "r")
        except _DAMAGE as error:
            raise _damaged(path, error) from error
        try:
            self._open(site)
        except BaseException:
            self._file.close()
            raise

    def _open(self, site: str) -> None:
        try:
            devices = [self._device(address) for address in self._file]
        except _DAMAGE as error:
            raise _damaged(self.path, error) from error
        self._formed, warnings = form_streams(devices, site, self.path)
        for warning in warnings:
            self._warn(warning)
        self.streams = tuple(formed.stream for formed in self._formed)
        self.started = devices[0].started
        self.n_samples = {f.stream.name: self._length(f) for f in self._formed}
        if (longest := max(self.n_samples.values())) <= 1:
            raise too_short(self.path, longest)

    def _device(self, address: str) -> Device:
        group = self._file[address]
        said = {key: _plain(value) for key, value in group.attrs.items()}
        raw = [group[f"raw/channel_{number}"] for number in said["channels"]]
        said["sensor"] = [_plain(channel.attrs["sensor"]) for channel in raw]
        said["label"] = [_plain(channel.attrs["label"]) for channel in raw]
        return parse_device(address, said, self.path)

    def _datasets(self, formed: DeviceStream) -> list[Any]:
        group = self._file[formed.device.address]
        return [group[f"raw/channel_{channel.number}"] for channel in formed.channels]

    def _length(self, formed: DeviceStream) -> int:
        try:
            return min(len(dataset) for dataset in self._datasets(formed))
        except _DAMAGE as error:
            raise _damaged(self.path, error) from error

    def _read(self, seconds: float) -> Iterator[SampleBlock]:
        lengths = {f.stream.name: self._length(f) for f in self._formed}
        duration = max(lengths[s.name] / s.sampling_rate for s in self.streams)
        step = 0
        while step * seconds < duration:
            for formed in self._formed:
                rate = formed.stream.sampling_rate
                first, end = (
                    min(int(s * seconds * rate), lengths[formed.stream.name])
                    for s in (step, step + 1)
                )
                if first < end:
                    samples = formed.convert(self._adc(formed, first, end))
                    yield SampleBlock(formed.stream, first, samples)
            step += 1
            self.progress = min(1.0, step * seconds / duration)

    def _adc(self, formed: DeviceStream, first: int, end: int) -> np.ndarray[Any, Any]:
        try:
            columns = [
                np.asarray(dataset[first:end], np.float64).reshape(end - first, -1)[:, 0]
                for dataset in self._datasets(formed)
            ]
        except _DAMAGE as error:
            raise _damaged(self.path, error) from error
        return np.stack(columns, axis=1)

    def _close(self) -> None:
        self._file.close()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _damaged(path: Path, error: Exception) -> UnreadableRecording:
    return UnreadableRecording(
        f"{path} is damaged, or is no OpenSignals file: {error}", "copy or export it again"
    )
