"""A simulated wearer: samples as a sensor would give them, and their true events."""

from myowatch.acquisition.simulator.scene import SCENES, Scene
from myowatch.acquisition.simulator.wearer import Simulation, Wearer, WornSensors, visible_events

__all__ = ["SCENES", "Scene", "Simulation", "Wearer", "WornSensors", "visible_events"]
