"""Texts of the Devices page."""

TITLE = "Devices"
ABOUT = (
    "Find a sensor, try it, give it a name and a place, and record it. Without one, a simulated "
    "wearer or a recorded file does: see the Live page."
)
FIND = "Look for sensors"
FINDING = "Listening at every serial port, and for wearables over Bluetooth"
TESTING = "Listening to it; keep the muscle at rest"
CANCEL = "Cancel"
CANCELLING = "Letting go of the ports"
CANCELLED = "Cancelled."
NOTHING = (
    "No sensor was found. Plug the board in, with a cable that carries data and not only power, or "
    "switch the wearable on, and look again. A wearable that is connected to a telephone cannot be "
    "seen."
)
OTHERS = (
    "One more device is in reach that is no sensor known here.",
    "{n} more devices are in reach that are no sensors known here.",
)
MINE = "Your sensors"
FOUND = "Found"
SILENT = "Ports at which nothing was understood"
STRENGTH = "signal {how} ({dbm} dBm)"
NEAR, MIDDLE, FAR = "strong", "fair", "weak, bring it nearer"
NAME = "Name"
NAME_HINT = "for example the white one"
SITE = "Where it is worn"
START = "Start recording"
TEST = "Test the signal"
FORGET = "Forget it"
FORGOTTEN = "{name} is forgotten."
UNDO = "Undo"
RATE = "{rate:g} Hz."
NOISE = "Noise floor {noise:.3g} {unit}."
MAINS = (
    "Mains hum at {hz:g} Hz; it is filtered out, and less of it is better: unplug the charger, "
    "move away from lamps and cables."
)
LOST = "{n} samples were lost on the way: bring it nearer, or try another cable or port."
ALL_GOOD = "The signal is good. You can record."
STILL_RESTLESS = "If this stays so at rest, look below where the sensor sits best."
NOT_TESTED = "It could not be listened to."
TOGETHER = "Record several together"
TOGETHER_ABOUT = (
    "They make one session, each with its own place. Two places at once are what spreading can be "
    "seen from. Choose two or more:"
)
TOGETHER_START = "Start recording these"
PLACE = "Where to put it"
ADD = "Add a sensor by its address"
ADDRESS = "Address"
ADDRESS_HELP = "For example ble:WEAR-01, serial:COM3, lsl:NAME or brainflow:cyton?serial_port=COM3"
ADD_BUTTON = "Add it"
WRONG_ADDRESS = "An address begins with serial:, ble:, lsl: or brainflow:"
KINDS = ("serial:", "ble:", "lsl:", "brainflow:", "sim:")
PROFILES = {
    "movesense": "Good for twitches and movement (accelerometer).",
    "npg-lite": "Good for twitches and cramps (EMG).",
    "myoware": "Good for cramps only: its envelope is too slow for twitches.",
    "ganglion": "Good for twitches and cramps (EMG).",
    "nordic-uart": "A board of your own: test the signal to see what it sends.",
    "hm-10": "A board of your own: test the signal to see what it sends.",
}
GOOD_FOR = {
    "emg": "Good for twitches and cramps (EMG).",
    "accelerometer": "Good for twitches and movement (accelerometer).",
}
TOO_SLOW = "Too slow for twitches: it is recorded, and not counted in."
