"""The Sessions page."""

from myowatch.dashboard.sessions.page import show
from myowatch.recordings.home import data_home

show(data_home())
