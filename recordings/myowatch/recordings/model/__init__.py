"""A recording as values: streams, blocks, markers, units."""
