"""The report for a doctor: collected, put into words, and printed as PDF or HTML.

Start with `printing.make`. `gathering` returns a `Report` (numbers) from the store and the diary,
`wording` turns it into a `Document` (words, tables, drawings), and `printing` writes that as PDF or
HTML, so both have the same content.
"""
