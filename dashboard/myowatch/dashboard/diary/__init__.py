"""The Diary page: the form of a day, the month, undo, import and export."""
