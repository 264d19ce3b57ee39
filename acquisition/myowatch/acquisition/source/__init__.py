"""The Source protocol, and the texts that name a source."""
