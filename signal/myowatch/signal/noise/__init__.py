"""How strong the noise is, and what is a lot for it."""
