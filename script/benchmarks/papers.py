"""Every paper in every size and language, from an empty plan to the fullest: what is wrong with it.

    script/bench papers

Each content of `tests/pdf/grid.py` is printed on each edition, paper and language, and the blank
questionnaire too. Held against the pages are the boxes of the layout (past an edge or out of a
cell, blocks split), the rules of PDF/UA-1, and the thinnest line.
"""

import itertools
import os
import tempfile
from collections.abc import Iterator

from script.benchmarks.figures import Figure, report


def main() -> None:
    """Print all and say what is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiro.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        import django

        django.setup()
        report(measure())


def measure() -> Iterator[Figure]:
    """Yield the number of faults of each content, over all that it is printed on."""
    from exercises import pdf
    from tests.pdf import grid

    for name in grid.CONTENTS:
        found = [fault for way in grid.VARIANTS for fault in told(name, *way)]
        yield none(name, found)
    blanks = itertools.product(pdf.PAPERS, grid.LANGUAGES)
    found = [fault for way in blanks for fault in grid.blank_faults(*way)]
    yield none("blank questionnaire", found)


def none(name: str, found: list[str]) -> Figure:
    """How many faults there are, and that there should be none."""
    return Figure(name=name, value=len(found), unit="faults", goal=0, digits=0)


def told(name: str, *way: str) -> list[str]:
    """The faults of one paper, printed as they are found."""
    from tests.pdf import grid

    found = grid.plan_faults(name, *way)
    for fault in found:
        print(f"{name}, {', '.join(way)}: {fault}", flush=True)
    return found


if __name__ == "__main__":
    main()
