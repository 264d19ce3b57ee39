"""The Diary page's rooms: the form of a day, its saving, the month, and taking it elsewhere."""
