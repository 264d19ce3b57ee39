"""When a device's samples were taken: by its count, by its clock, by this computer's. Pure."""
