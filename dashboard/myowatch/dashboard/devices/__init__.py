"""The Devices page: find sensors, test them, name and place them, record them."""
