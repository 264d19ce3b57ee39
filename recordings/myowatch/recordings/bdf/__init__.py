"""Our growing BDF+ file: write, read, follow, repair."""
