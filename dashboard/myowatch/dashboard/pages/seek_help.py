"""The page When to seek help."""

from myowatch.dashboard.seek_help.view import show
from myowatch.recordings.home import data_home

show(data_home())
