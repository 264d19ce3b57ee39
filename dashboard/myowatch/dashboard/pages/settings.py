"""The Settings page."""

from myowatch.dashboard.settings.settings_view import show
from myowatch.recordings.storage.data_folder import data_home

show(data_home())
