"""The Devices page."""

from myowatch.dashboard.devices.view import show
from myowatch.recordings.home import data_home

show(data_home())
