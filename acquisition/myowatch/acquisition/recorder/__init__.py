"""One session being recorded: a track for each source."""
