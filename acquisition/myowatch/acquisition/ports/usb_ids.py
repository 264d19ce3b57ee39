"""What boards and adapters say they are on USB.

Sources: the list of USB ids that the Linux USB project keeps (usb.ids, 2025-07-26), and for newer
boards the table of Upside Down Labs' Chords-Web and Espressif's manual of its USB-Serial-JTAG.
"""

_BOARDS = {
    (0x0403, 0x6001): "FTDI FT232 adapter",
    (0x0403, 0x6015): "FTDI FT-X adapter, as in OpenBCI's dongle",
    (0x10C4, 0xEA60): "Silicon Labs CP210x adapter, as on many ESP32 boards",
    (0x1A86, 0x5523): "WCH CH341 adapter",
    (0x1A86, 0x7522): "WCH CH340 adapter, as on many Arduino clones",
    (0x1A86, 0x7523): "WCH CH340 adapter, as on many Arduino clones",
    (0x2341, 0x0001): "Arduino Uno",
    (0x2341, 0x0010): "Arduino Mega 2560",
    (0x2341, 0x0042): "Arduino Mega 2560 R3",
    (0x2341, 0x0043): "Arduino Uno R3",
    (0x2341, 0x0069): "Arduino Uno R4 Minima",
    (0x2341, 0x0243): "Genuino Uno",
    (0x2A03, 0x0043): "Arduino Uno R3",
    (0x303A, 0x1001): "Espressif ESP32, its own USB",
}
_VENDORS = {
    0x0403: "FTDI adapter",
    0x0483: "STMicroelectronics board",
    0x10C4: "Silicon Labs adapter",
    0x16C0: "Teensy or another small maker's board",
    0x1A86: "WCH adapter",
    0x2341: "Arduino board",
    0x239A: "Adafruit board",
    0x2A03: "Arduino board",
    0x2E8A: "Raspberry Pi Pico",
    0x303A: "Espressif board",
}


def usb_name(vendor: int, product: int) -> str:
    """Return what a USB device is for people; empty if it is not known here."""
    return _BOARDS.get((vendor, product)) or _VENDORS.get(vendor, "")
