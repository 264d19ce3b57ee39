"""The Live page: the growing recording, states and counts, requests of viewers.

Start with `live_hub`, one reader per recorder for all viewers.
`live_board` words the state and counts.
"""
