"""The page When to seek help: the six thresholds, and the weeks they rest on."""
