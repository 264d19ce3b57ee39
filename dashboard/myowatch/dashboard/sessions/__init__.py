"""The Sessions page: everything recorded, one session at a glance, two side by side."""
