"""The Diary page: a day's form, the days around it, undo, and taking the diary elsewhere."""

from myowatch.dashboard.diary import page
from myowatch.recordings.home import data_home

page.show(data_home())
