"""Readers of all file formats, and the function that opens any of them.

Start with `opening`: `open_recording` chooses the reader. `csv_header`, `csv_numbers` and
`csv_reader` read plain CSV, `csv_writer` writes it. `edf_reader` reads EDF and BDF of other
software, `opensignals_files` the files of OpenSignals. `checking` reports what a file lacks.
"""
