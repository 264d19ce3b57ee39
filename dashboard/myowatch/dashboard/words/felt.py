"""How felt and detected agree, in words."""

PRESSES = (
    "“I felt it” was pressed {of} times in scored time; {count} presses came within {reaction:g} s "
    "after a detected twitch."
)
TWITCHES = "Of {of} detected twitches {count} were felt."
SHARE = " That is {share} (95 % interval {low} to {high}); by chance it would be {chance}."
VERDICTS = {
    "too few": " Too few to tell from chance.",
    "beyond chance": " More than chance.",
    "like chance": " Chance alone could do the same.",
    "below chance": " Fewer than by chance.",
}
UNSCORED = "{count} more were pressed while the signal could not be scored; they say nothing."
NONE = "“I felt it” was not pressed."
