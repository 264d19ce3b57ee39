"""The front end of a three-axis accelerometer."""
