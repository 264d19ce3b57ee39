"""Serial ports: which there are, what is wrong with one, and bytes through one."""
