"""A wearable over Bluetooth LE as a source: `ble:NAME` or `ble:AA:BB:CC:DD:EE:FF?rate=208`."""

from dataclasses import replace

from myowatch.acquisition.ble.advertisements import Advertisement
from myowatch.acquisition.ble.ble_connection import MOST_BYTES, BleLink
from myowatch.acquisition.ble.radio import FIRST_SCAN_S, LATER_SCAN_S, find_wearable
from myowatch.acquisition.device.device import Device, DeviceOptions, parse_device_options
from myowatch.acquisition.device.device_samples import DeviceSamples
from myowatch.acquisition.device.device_source import DeviceSource
from myowatch.acquisition.device.probing import Chunk, probe_line
from myowatch.acquisition.source.source import SourceText
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.samples import SampleBlock, Stream


class BleSource(DeviceSource):
    """Samples of a wearable, at the places where its count or clock puts them.

    What it is, is found out at the first `open`; at the next ones it is found again by its
    address.

    Parameters
    ----------
    name
        Its name or address.
    most_bytes
        That may wait to be read; what comes then is counted and becomes a gap.
    """

    def __init__(
        self,
        name: str,
        wanted: DeviceOptions | None = None,
        *,
        site: str = "",
        text: str = "",
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.text = text or f"ble:{name}"
        self.site = site
        self._name, self._wanted = name, wanted or DeviceOptions()
        self._most_bytes = most_bytes
        self._seen: Advertisement | None = None
        self._link: BleLink | None = None
        self._samples = DeviceSamples(site)
        super().__init__(self._samples)
        self._battery_percent: int | None = None
        self._dropped_bytes = 0

    @classmethod
    def parse(cls, text: SourceText, site: str) -> "BleSource":
        """Make the source that a text names.

        Raises
        ------
        WrongSource
            If an option is wrong.
        """
        return cls(text.address, parse_device_options(text), site=site, text=text.text)

    def open(self) -> tuple[Stream, ...]:
        """Find it, connect, find out what it sends, start it and wait for its first samples.

        Raises
        ------
        Problem
            If it is not in reach, there is no Bluetooth, or what it sends is not understood.
        """
        if self._seen is None:
            self._seen = find_wearable(self._name, FIRST_SCAN_S)
        else:
            self._seen = find_wearable(self._seen.address, LATER_SCAN_S)
        try:
            self._link = BleLink(self._seen, self._most_bytes)
            return self._connect(self._link, self._seen)
        except BaseException:
            self.close()
            raise

    def read(self) -> list[SampleBlock] | None:
        """Give what has come.

        Raises
        ------
        SourceLost
            If the connection has gone, or the device fallen silent.
        Problem
            If it now sends something else.
        """
        return self._samples.read()

    def cancel_open(self) -> None:
        """Let nobody wait any longer for what it sends; a scan goes on to its end."""
        if (link := self._link) is not None:
            link.cancelled.set()

    def close(self) -> None:
        """Stop the device and let go of it."""
        link, self._link = self._link, None
        self._samples.close()
        if link is not None:
            link.close()
            self._battery_percent = link.battery_percent
            self._dropped_bytes += link.dropped_bytes

    @property
    def link(self) -> LinkQuality | None:
        """How well its samples come through; None before it was found out what it is."""
        quality = self._samples.quality(f"by Bluetooth at {self._seen.title if self._seen else ''}")
        if quality is None:
            return None
        link = self._link
        return replace(
            quality,
            battery_percent=link.battery_percent if link else self._battery_percent,
            dropped_bytes=self._dropped_bytes + (link.dropped_bytes if link else 0),
        )

    def _connect(self, link: BleLink, seen: Advertisement) -> tuple[Stream, ...]:
        profile, device, chunks = link.profile, self._samples.device, list[Chunk]()
        if profile.instead:
            raise Problem(
                f"{seen.title} is a {profile.title}, which BrainFlow records",
                f"myowatch record '{replace(seen, profile=profile).source}'",
            )
        if profile.format is not None and self._wanted.format is not None:
            raise Problem(
                f"{seen.title} is {profile.format.title}, which speaks in its own way only",
                f"leave format={self._wanted.format.name} out",
            )
        if device is None and profile.format is not None:
            device = Device(
                profile.format, self._wanted.facts.merge_over(profile.facts_of(seen.name))
            )
        if device is None:
            device, chunks = probe_line(link, self._wanted)
        return self._samples.connect(link, device, chunks)
