"""The catalogue: which figures and files there are, and what they show in words.

The only module that the rest of the product needs; nothing is drawn here. Core: standard library
only.
"""

from exercises.figures.composition import describe as describe_figure
from exercises.figures.composition import sentences as sentences_of_figure
from exercises.figures.composition import title as title_figure
from exercises.figures.pelvis import pelvis_name
from exercises.figures.pose_files import Figure, figures

FOLDER = "figures/"
"""Where the files are, below the static root."""


def figure_names() -> tuple[str, ...]:
    """The slugs of all figures: exercises, habits and option pictures."""
    return tuple(figures())


def _drawn_side(figure: Figure, side: str) -> str:
    """The side whose file is shown: for "both" of a one-sided figure, the side it was drawn for."""
    if side not in ("left", "right", "both"):
        raise ValueError(f"no side is called {side!r}")
    return figure.worked if side == "both" and figure.one_sided else side


def title(name: str, side: str) -> str:
    """The heading of a figure, with the worked side in words. Raises KeyError."""
    figure = figures()[name]
    return title_figure(figure, _drawn_side(figure, side))


def describe(name: str, side: str) -> str:
    """What the frames show, for a reader who does not see them. Raises KeyError."""
    figure = figures()[name]
    return describe_figure(figure, _drawn_side(figure, side))


def sentences(name: str, side: str) -> tuple[str, ...]:
    """What each frame shows, for a reader who does not see it. Raises KeyError."""
    figure = figures()[name]
    return sentences_of_figure(figure, _drawn_side(figure, side))


def stem(figure: Figure, side: str) -> str:
    """The file name of a figure without frame and ending: "clamshell-left", "bird-dog"."""
    return f"{figure.slug}-{_drawn_side(figure, side)}" if figure.one_sided else figure.slug


def figure_files(slug: str, side: str) -> tuple[str, str]:
    """Static paths of the start and end frame for the worked side ("left", "right", "both").

    Raises KeyError for an unknown slug or an option picture, which has one frame only.
    """
    figure = figures()[slug]
    if figure.kind == "option":
        raise KeyError(f"{slug} is an option picture")
    name = stem(figure, side)
    return f"{FOLDER}{name}-1.svg", f"{FOLDER}{name}-2.svg"


def moving_file(slug: str, side: str) -> str:
    """Static path of an exercise's film strip; empty for habits and options, which do not move."""
    figure = figures()[slug]
    return f"{FOLDER}{stem(figure, side)}-moving.svg" if figure.kind == "exercise" else ""


def option_file(name: str, side: str = "both") -> str:
    """Static path of an option picture: "option-lie-on" and a side, or one without sides."""
    return f"{FOLDER}{stem(figures()[name], side)}.svg"


def pelvis_file(overall: str, level: str) -> str:
    """Static path of the pelvis picture for a result: overall side and its level."""
    return f"{FOLDER}{pelvis_name(overall, level)}.svg"
