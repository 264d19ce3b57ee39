"""Every other file format, and the function that opens any of them."""
