"""Our growing BDF+ file: write, read, follow, repair.

Start with `bdf_writer` and `bdf_reader`. `bdf_layout` places samples in data records,
`bdf_annotations` turns events and markers into text, `edf_header` reads and writes headers,
`bdf_growing` reads a file that is still being written.
"""
