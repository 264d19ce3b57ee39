"""The Devices page."""

from myowatch.dashboard.devices.devices_view import show
from myowatch.recordings.storage.data_folder import data_home

show(data_home())
