"""Bluetooth LE: find a wearable, connect, stay connected. `async` stays in this folder."""
