"""The Learn page: what one article says about muscle twitching, to read and to search.

Start with `learn_view`, which draws the page. `learn_text` holds the text.
"""
