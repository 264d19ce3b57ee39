"""The Sessions page: all recordings, one session in detail, two side by side.

Start with `sessions_view`, which draws the page. `session_overview` shows one session.
"""
