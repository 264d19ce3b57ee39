"""The Streamlit dashboard: it reads the data folder and never touches a device."""
