"""Options that several questions share, with the labels that patients read.

Core: standard library only.
"""

from screening.questionnaire.declaration import Option

NONE_OF_THESE = "None of these"
PAIN_ENDS = ("no pain", "the worst pain you can imagine")

YES_NO = (
    Option(value="no", label="No"),
    Option(value="yes", label="Yes"),
)
YES_NO_UNSURE = (
    Option(value="no", label="No"),
    Option(value="yes", label="Yes"),
    Option(value="not_sure", label="Not sure"),
)
SIDE_OR_NONE = (
    Option(value="no", label="No"),
    Option(value="left", label="Left"),
    Option(value="right", label="Right"),
    Option(value="both", label="Both"),
    Option(value="not_sure", label="Not sure"),
)
