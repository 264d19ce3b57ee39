"""The Learn page: what one article says about muscle twitching, to read and to search."""
