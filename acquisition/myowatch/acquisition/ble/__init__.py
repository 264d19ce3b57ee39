"""Bluetooth LE: what a wearable is, finding it, staying connected. `async` stays in here."""
