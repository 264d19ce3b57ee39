"""A simulated wearer: samples as a sensor would give them, and their true events.

Start with `wearer.py`. `scene.py` holds the scenes, `timetable.py` draws when events happen,
`emg_sensor.py` and `accelerometer_sensor.py` make samples from them.
"""

from myowatch.acquisition.simulator.scene import SCENES, Scene
from myowatch.acquisition.simulator.wearer import Simulation, Wearer, WornSensors, visible_events

__all__ = ["SCENES", "Scene", "Simulation", "Wearer", "WornSensors", "visible_events"]
