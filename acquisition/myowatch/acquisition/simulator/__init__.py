"""A simulated wearer: samples as a sensor would give them, and their true events.

Start with `wearer.py`. `scene.py` holds the scenes, `wild.py` draws one from a seed, `timetable.py`
draws when events happen, `emg_sensor.py` and `accelerometer_sensor.py` make samples from them.
`volume_conductor.py` computes potentials of muscle fibres on the skin.
"""

from myowatch.acquisition.simulator.scene import SCENES, Scene
from myowatch.acquisition.simulator.wearer import Simulation, Wearer, WornSensors, visible_events
from myowatch.acquisition.simulator.wild import SCENE_NAMES, WILD, scene_of

__all__ = [
    "SCENES",
    "SCENE_NAMES",
    "WILD",
    "Scene",
    "Simulation",
    "Wearer",
    "WornSensors",
    "scene_of",
    "visible_events",
]
