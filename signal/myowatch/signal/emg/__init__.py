"""The front end of surface EMG."""
