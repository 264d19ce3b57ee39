"""A wearable over Bluetooth LE as a source: `ble:NAME` or `ble:AA:BB:CC:DD:EE:FF?rate=208`."""

from dataclasses import replace

from myowatch.acquisition.ble.advertisements import Advertisement
from myowatch.acquisition.ble.ble_connection import MOST_BYTES, BleLink
from myowatch.acquisition.ble.radio import FIRST_SCAN_S, LATER_SCAN_S, find_wearable
from myowatch.acquisition.device.device import Device, DeviceOptions
from myowatch.acquisition.device.line_source import LineSource
from myowatch.acquisition.device.probing import Chunk, probe_line
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.samples import Stream


class BleSource(LineSource):
    """Samples of a wearable, placed in time by its count or clock.

    The first `open` looks for the name or address; the next ones look for the same address.

    Parameters
    ----------
    address
        Name or address of the wearable.
    most_bytes
        How many bytes may wait to be read; the bytes beyond are counted, and leave a gap.
    """

    SCHEME = "ble"

    def __init__(
        self,
        address: str,
        options: DeviceOptions | None = None,
        *,
        site: str = "",
        text: str = "",
        most_bytes: int = MOST_BYTES,
    ) -> None:
        super().__init__(address, options, site=site, text=text)
        self._address, self._most_bytes = address, most_bytes
        self._advertisement: Advertisement | None = None
        self._link: BleLink | None = None
        self._battery_percent: int | None = None
        self._dropped_bytes = 0

    def open(self) -> tuple[Stream, ...]:
        """Find the wearable, connect, start it, and wait for its first samples.

        Raises
        ------
        Problem
            If it is out of reach, there is no Bluetooth, or what it sends is not understood.
        """
        found = self._advertisement
        if found is None:
            found = find_wearable(self._address, FIRST_SCAN_S)
        else:
            found = find_wearable(found.address, LATER_SCAN_S)
        self._advertisement = found
        self._link = link = BleLink(found, self._most_bytes)
        return self._connect(link, lambda options: _probe(link, found, options))

    def close(self) -> None:
        """Stop the wearable and disconnect; harmless when it is disconnected."""
        link, self._link = self._link, None
        super().close()
        if link is not None:
            self._battery_percent = link.battery_percent
            self._dropped_bytes += link.dropped_bytes

    @property
    def link(self) -> LinkQuality | None:
        """How well samples come through; None before the first connection."""
        found = self._advertisement
        quality = self._samples.quality(f"by Bluetooth at {found.title if found else ''}")
        if quality is None:
            return None
        link = self._link
        return replace(
            quality,
            battery_percent=link.battery_percent if link else self._battery_percent,
            dropped_bytes=self._dropped_bytes + (link.dropped_bytes if link else 0),
        )


def _probe(
    link: BleLink, found: Advertisement, options: DeviceOptions
) -> tuple[Device, list[Chunk]]:
    """Find out what a wearable is, from its profile or else from its first bytes."""
    profile = link.profile
    if profile.instead:
        raise Problem(
            f"{found.title} is a {profile.title}, which BrainFlow records",
            f"myowatch record '{replace(found, profile=profile).source}'",
        )
    if profile.format is None:
        return probe_line(link, options)
    if options.format is not None:
        raise Problem(
            f"{found.title} is {profile.format.title}, which has a format of its own",
            f"leave format={options.format.name} out",
        )
    return Device(profile.format, options.facts.merge_over(profile.facts_of(found.name))), []
