"""The Sessions page: all recordings, one session in detail, two side by side."""
