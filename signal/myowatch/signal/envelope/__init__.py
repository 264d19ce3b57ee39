"""The front end of a rectified and smoothed EMG."""
