"""What an event is, how sure that is, and which time cannot be scored.

`classification.py` gives kind and confidence, `unscorable.py` finds flat lines and rails.
`settling.py` announces an event and settles it later, and `several_sensors.py` judges it by the
other streams.
"""
