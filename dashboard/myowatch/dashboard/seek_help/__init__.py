"""The page When to seek help: the six thresholds, and the weeks they rest on.

Start with `seek_help_view`, which draws the page. `threshold_sentences` words each finding.
"""
