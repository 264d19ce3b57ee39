"""Detection in one recorded file, and its result."""
