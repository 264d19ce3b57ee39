"""Each kind of source, and the function that opens any of them."""
