"""The Devices page: find sensors, test them, name and place them, record them.

Start with `devices_view`, which draws the page. `sensor_card` shows one known sensor.
"""
