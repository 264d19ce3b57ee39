"""Files on disk: our recordings, readers of other formats, the session store and exports."""
