"""The zoomed trace: a recorded night from eight hours to twenty milliseconds.

Start with `zoom_route`, which answers the browser's requests.
"""
