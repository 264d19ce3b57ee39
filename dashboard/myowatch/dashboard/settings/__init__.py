"""The Settings page: preferences, the data folder, and the versions."""
