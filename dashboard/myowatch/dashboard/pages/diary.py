"""The Diary page: a day's form, the days around it, undo, and taking the diary elsewhere."""

from myowatch.dashboard.diary import diary_view as page
from myowatch.recordings.storage.data_folder import data_home

page.show(data_home())
