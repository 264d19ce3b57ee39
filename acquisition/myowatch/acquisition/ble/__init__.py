"""Bluetooth LE: find a wearable, connect, stay connected. `async` stays in this folder.

Start with `ble_connection.py`. `radio.py` runs the thread that scans and connects;
`advertisements.py` lists the known wearables.
"""
