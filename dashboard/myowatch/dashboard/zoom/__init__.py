"""The zoomed trace: a recorded night from eight hours to twenty milliseconds."""
