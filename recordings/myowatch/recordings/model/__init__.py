"""A recording as values: streams, blocks, markers, and the quality of the link to a device.

Start with `recording`: every reader of a file format returns a `Recording`.
"""
