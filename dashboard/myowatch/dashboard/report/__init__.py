"""The report for a doctor: collected, put into words, and printed as PDF or HTML.

`gathering` makes a `Report` (numbers) of the store and the diary, `wording` a `Document` (words,
tables, drawings) of that, and `pdf` and `html` print it: so both say the same.
"""
