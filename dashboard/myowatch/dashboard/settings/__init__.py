"""The Settings page: what the wearer chose, the data folder, and the versions."""
