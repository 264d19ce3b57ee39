"""The Devices page: finding sensors, trying them, naming them, placing them, recording them."""
