"""The drawings: pose data in, SVG files out; and what each file shows, in words.

`manage.py draw_figures` writes `static/figures/`; pages and print ask this package for file names,
titles and descriptions and draw nothing themselves. Core: standard library only.
"""

from exercises.figures.catalogue import (
    describe,
    figure_files,
    figure_names,
    moving_file,
    option_file,
    pelvis_file,
    sentences,
    title,
)
from exercises.figures.pose_files import figures

__all__ = [
    "describe",
    "figure_files",
    "figure_names",
    "figures",
    "moving_file",
    "option_file",
    "pelvis_file",
    "sentences",
    "title",
]
