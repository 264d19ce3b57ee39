"""A recorded night from eight hours to twenty milliseconds."""
