"""The Settings page."""

from myowatch.dashboard.settings.view import show
from myowatch.recordings.home import data_home

show(data_home())
