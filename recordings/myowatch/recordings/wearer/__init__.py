"""Input of the wearer: diary, labels of events, marker presses, preferences.

Start with `diary_fields` and `diary` for the diary, `diary_exchange` for its import and export,
and `diary_days` for the answers that the thresholds use. `labels` corrects single events,
`marker_presses` handles the keys that are pressed during a recording.
"""
