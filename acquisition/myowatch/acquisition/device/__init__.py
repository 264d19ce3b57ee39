"""What device sources share: recognise a format, receive, place samples in time.

Start with `line_source.py`, the base of serial and BLE sources. `probing.py` finds out what a
device is, `listening.py` decodes what it sends. `device_source.py` is the base of all devices.
"""
