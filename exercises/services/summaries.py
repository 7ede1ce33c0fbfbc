"""The summary of a screening for the patient's chart, as a PDF of one page."""

import io

import pikepdf

from chiro.practice.models import Practice
from exercises import rendering
from exercises.papers import chart
from screening.models import Screening


def print_summary(screening: Screening, practice: Practice, paper: str) -> bytes:
    """The summary in the largest type that fits one page; what it may say is bounded by `chart`.

    Raises RenderingError.
    """
    sheet = chart.compose(screening, practice)
    for size in chart.SIZES:
        context = {"sheet": sheet, "size": size}
        printed = rendering.sheet(chart.TEMPLATE, context, css=chart.CSS, paper=paper)
        with pikepdf.open(io.BytesIO(printed)) as document:
            if len(document.pages) == 1:
                break
    return printed
