"""When samples were taken: by the device's count, its clock, and the host's clock. Pure."""
