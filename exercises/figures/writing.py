"""Everything that is written to `static/figures/`: file name -> text.

Drawn anew on every call of the command and in one test; never while a page is made. Core: standard
library only.
"""

from collections.abc import Iterator
from pathlib import Path

from exercises.figures.catalogue import stem
from exercises.figures.chart import chart, zones_json
from exercises.figures.composition import files, picture
from exercises.figures.motion import strip
from exercises.figures.pelvis import RESULTS, pelvis, pelvis_name
from exercises.figures.pose_files import Figure, figures

SHEET = "docs/figures-sheet.svg"
"""The committed contact sheet, below the project."""


def figure_texts(figure: Figure) -> Iterator[tuple[str, str]]:
    """The files of one figure: frames of every side, and the film strips of an exercise."""
    for name, (frame, side) in files(figure).items():
        yield f"{name}.svg", picture(figure, frame, side, name)
    if figure.kind == "exercise":
        for side in ("left", "right") if figure.one_sided else ("both",):
            name = f"{stem(figure, side)}-moving"
            yield f"{name}.svg", strip(figure, side, name)


def all_texts() -> Iterator[tuple[str, str]]:
    """Every file that belongs in the folder, in a fixed order."""
    for figure in figures().values():
        yield from figure_texts(figure)
    for view in ("front", "back"):
        yield f"chart-{view}.svg", chart(view)
    yield "chart-zones.json", zones_json()
    for overall, level in RESULTS:
        yield f"{pelvis_name(overall, level)}.svg", pelvis(overall, level)


def write(folder: Path) -> tuple[int, int]:
    """Write all files, remove drawings that no longer belong; (written, removed)."""
    folder.mkdir(parents=True, exist_ok=True)
    names = set()
    for name, text in all_texts():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        names.add(name)
    stale = [
        p for p in sorted(folder.iterdir()) if p.suffix in (".svg", ".json") and p.name not in names
    ]
    for path in stale:
        path.unlink()
    return len(names), len(stale)
