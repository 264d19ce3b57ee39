"""The Streamlit dashboard: it reads the data folder and never touches a device.

Start with `serve`, which starts the server, then `pages/main.py`, which lists the pages. Each page
has a folder with its view, its data and its texts.
"""
