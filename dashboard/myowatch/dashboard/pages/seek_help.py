"""The page When to seek help."""

from myowatch.dashboard.seek_help.seek_help_view import show
from myowatch.recordings.storage.data_folder import data_home

show(data_home())
