"""The Settings page: preferences, the data folder, and the versions.

Start with `settings_view`, which draws the page.
"""
