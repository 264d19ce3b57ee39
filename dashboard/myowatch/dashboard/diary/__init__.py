"""The Diary page: the form of a day, the month, undo, import and export.

Start with `diary_view`, which draws the page. `day_form` is the form of one day.
"""
