"""The Live page's rooms: one recording followed, the board of states and counts, what is asked."""
