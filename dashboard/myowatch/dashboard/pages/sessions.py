"""The Sessions page."""

from myowatch.dashboard.sessions.sessions_view import show
from myowatch.recordings.storage.data_folder import data_home

show(data_home())
