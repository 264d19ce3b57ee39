"""What an event is, how sure that is, and which time cannot be scored.

`classification.py` gives kind and confidence, `unscorable.py` finds flat lines and rails, and
`several_sensors.py` judges an event by the other streams.
"""
