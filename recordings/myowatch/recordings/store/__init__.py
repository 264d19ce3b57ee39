"""The session index in a database, and the files through which recorders and pages communicate.

Start with `store` (the class `Store`), then `store_rows` (the tables) and `store_engine`
(connections and errors). `store_rebuild` fills the index from the recordings. `event_windows` and
`counted_streams` answer larger queries. `deleting` and `recorder_status` are independent of it.
"""
