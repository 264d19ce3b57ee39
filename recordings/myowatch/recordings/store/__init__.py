"""The session index in a database, and the recorders' status files."""
