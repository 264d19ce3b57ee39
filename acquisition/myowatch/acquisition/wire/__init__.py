"""What boards send, made into samples: pure decoders, one file a format."""
