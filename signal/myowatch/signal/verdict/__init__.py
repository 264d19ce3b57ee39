"""What an event is, how sure that is, and which time cannot be scored."""
