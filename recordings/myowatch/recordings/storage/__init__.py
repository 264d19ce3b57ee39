"""The data folder, files on the disk, and the errors that users can act on.

Start with `problem` (the errors) and `data_folder` (what is where). `journal` keeps what people
typed or pressed, `stored_values` reads JSON of any version, `log_file` keeps the log.
"""
