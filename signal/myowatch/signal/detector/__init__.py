"""Puts the stages together: one stream, many streams."""
