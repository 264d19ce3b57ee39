"""When twitching should be shown to a doctor: the article's six thresholds, held against weeks."""
