"""The `Source` protocol, and the texts that name a source.

Everything that gives samples implements `Source`; see the folder `sources` for the six kinds.
"""
