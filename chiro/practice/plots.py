"""Plots drawn on the server: where each bar, line and word of an SVG stands, and a table of it.

Core: standard library only; it knows nothing of what is plotted. The template `_plot.html` draws a
`Plot`; looks are class names, so that no style stands in the page. Marks differ in shape and
filling, never in colour alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, log10

WIDTH, HEIGHT = 520.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 508.0, 20.0, 186.0
UNDER = 17.0
LEGEND_Y = 224.0
STEPS = 5
MOST_LABELS = 8
LETTER = 7.0
"""Width of a letter at most, in units of the drawing."""

SHARE_ROW = 40.0
SHARE_WIDTH = 350.0
MARKS = ("dot", "square", "diamond")
BAR_LOOKS = ("bar-1", "bar-2", "bar-3")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rect:
    """A bar or a box."""

    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Path:
    """A line or a mark."""

    d: str
    look: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A word or a number; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = ""


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A drawing with its words, and its data as a table; `rows` hold a heading and then values.

    `back` is drawn first, then bars and boxes, then lines and marks, then words.
    """

    title: str
    summary: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    back: list[Path] = field(default_factory=list)
    rects: list[Rect] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    height: float = HEIGHT

    @property
    def box(self) -> str:
        """The drawing's own measures."""
        return f"0 0 {WIDTH:g} {self.height:g}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One row of measurements; None where there is none."""

    name: str
    values: Sequence[int | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Middle:
    """The middle of a group: median and the middle half, of so many."""

    label: str
    count: int
    low: float
    median: float
    high: float


# --- kinds of plot ----------------------------------------------------------------------------


def bars(
    title: str, summary: str, labels: Sequence[str], series: Sequence[Series], *, head: str
) -> Plot:
    """Columns side by side, the series of each on top of one another."""
    plot = _with_table(title, summary, labels, series, head)
    totals = [sum(one.values[at] or 0 for one in series) for at in range(len(labels))]
    top = _axis(plot, max(totals, default=0))
    step = (RIGHT - LEFT) / max(len(labels), 1)
    for at, total in enumerate(totals):
        _column(plot, at, step, top, series)
        if len(labels) <= MOST_LABELS or at == len(labels) - 1:
            _say(plot, LEFT + step * (at + 0.5), _y(total, top) - 5, str(total), "middle", "value")
    _labels(plot, labels, step)
    _legend(plot, [one.name for one in series], BAR_LOOKS)
    return plot


def _column(plot: Plot, at: int, step: float, top: int, series: Sequence[Series]) -> None:
    below = 0
    for one, look in zip(series, BAR_LOOKS, strict=False):
        value = one.values[at] or 0
        y = _y(below + value, top)
        if value:
            rect = Rect(
                x=round(LEFT + step * at + step * 0.1, 1),
                y=y,
                width=round(step * 0.8, 1),
                height=round(_y(below, top) - y, 1),
                look=look,
            )
            plot.rects.append(rect)
        below += value


def shares(
    title: str, summary: str, rows: Sequence[tuple[str, int, int]], *, head: Sequence[str]
) -> Plot:
    """A bar a row, in percent of the whole of that row: (label, count, of how many)."""
    said = [
        (label, str(count), str(whole), f"{percent(count, whole)}" if whole else "-")
        for label, count, whole in rows
    ]
    plot = Plot(
        title=title,
        summary=summary,
        head=[*head, "Percent"],
        rows=said,
        height=SHARE_ROW * max(len(rows), 1) + 4,
    )
    for at, (label, count, whole) in enumerate(rows):
        y = SHARE_ROW * at
        full = round(SHARE_WIDTH * count / whole, 1) if whole else 0.0
        _say(plot, 0, y + 14, label)
        plot.rects.append(Rect(x=0.5, y=y + 19.5, width=SHARE_WIDTH, height=13, look="frame"))
        if full:
            plot.rects.append(Rect(x=0.5, y=y + 19.5, width=full, height=13, look="bar-1"))
        words = f"{percent(count, whole)}% ({count} of {whole})" if whole else "nobody yet"
        _say(plot, SHARE_WIDTH + 8, y + 31, words, look="value")
    return plot


def middles(title: str, summary: str, groups: Sequence[Middle], *, most: int, head: str) -> Plot:
    """A box a group: the line is the median, the box the middle half; from 0 to `most`."""
    plot = Plot(
        title=title,
        summary=summary,
        head=[head, "People", "Median", "Middle half"],
        rows=[
            (one.label, str(one.count), f"{one.median:g}", f"{one.low:g} to {one.high:g}")
            if one.count
            else (one.label, "0", "-", "-")
            for one in groups
        ],
    )
    _grid(plot, most, range(0, most + 1, 2))
    step = (RIGHT - LEFT) / max(len(groups), 1)
    places = [(LEFT + step * (at + 0.5), one) for at, one in enumerate(groups)]
    shown = [(round(x, 1), _y(one.median, most)) for x, one in places if one.count]
    if len(shown) > 1:
        plot.back.append(Path(d=_line(shown), look="trend"))
    for x, one in places:
        if one.count:
            _box(plot, x, one, most)
        _say(plot, x, BOTTOM + UNDER, one.label, "middle")
        _say(plot, x, BOTTOM + 2 * UNDER, f"n {one.count}", "middle")
    return plot


def _box(plot: Plot, x: float, one: Middle, most: int) -> None:
    y, low = _y(one.high, most), _y(one.low, most)
    height = max(round(low - y, 1), 1.0)
    plot.rects.append(Rect(x=round(x - 16, 1), y=y, width=32, height=height, look="middle"))
    plot.paths.append(Path(d=f"M{x - 16:.1f} {_y(one.median, most)}h32", look="median"))
    _say(plot, x + 20, _y(one.median, most) - 5, f"{one.median:g}", look="value")


def lines(
    title: str,
    summary: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    most: int,
    head: str,
    places: Sequence[float] = (),
) -> Plot:
    """A line a series from 0 to `most`; `places` (0 to 1) where the points do not stand evenly."""
    plot = _with_table(title, summary, labels, series, head)
    _grid(plot, most, range(0, most + 1, 2))
    spread = places or [at / max(len(labels) - 1, 1) for at in range(len(labels))]
    xs = [round(LEFT + 10 + (RIGHT - LEFT - 20) * place, 1) for place in spread]
    for number, one in enumerate(series):
        points = [
            (x, _y(value, most))
            for x, value in zip(xs, one.values, strict=True)
            if value is not None
        ]
        if len(points) > 1:
            plot.paths.append(Path(d=_line(points), look=f"line-{number + 1}"))
        plot.paths.extend(Path(d=_mark(x, y, number), look=f"mark-{number + 1}") for x, y in points)
    _labels_at(plot, labels, xs)
    _mark_legend(plot, [one.name for one in series])
    return plot


# --- parts ------------------------------------------------------------------------------------


def percent(count: int, whole: int) -> int:
    """A share as a whole number of percent; 0 of nothing."""
    return round(100 * count / whole) if whole else 0


def _with_table(
    title: str, summary: str, labels: Sequence[str], series: Sequence[Series], head: str
) -> Plot:
    rows = [
        (label, *("-" if one.values[at] is None else str(one.values[at]) for one in series))
        for at, label in enumerate(labels)
    ]
    return Plot(title=title, summary=summary, head=[head, *(one.name for one in series)], rows=rows)


def _axis(plot: Plot, most: int) -> int:
    """Draw the scale of a count and return its top."""
    step = _nice(max(most, 1) / STEPS)
    top = step * max(ceil(most / step), 1)
    _grid(plot, top, range(0, top + 1, step))
    return top


def _nice(rough: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ... that is not smaller."""
    if rough <= 1:
        return 1
    ten: int = 10 ** int(log10(rough))
    return next(ten * factor for factor in (1, 2, 5, 10) if ten * factor >= rough)


def _grid(plot: Plot, top: int, values: Iterable[int]) -> None:
    for value in values:
        y = _y(value, top)
        look = "grid" if value else "axis"
        plot.back.append(Path(d=f"M{LEFT:g} {y}H{RIGHT:g}", look=look))
        _say(plot, LEFT - 6, y + 4, str(value), "end")


def _y(value: float, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / max(top, 1), 1)


def _say(plot: Plot, x: float, y: float, text: str, anchor: str = "start", look: str = "") -> None:
    plot.texts.append(Text(x=round(x, 1), y=round(y, 1), text=text, anchor=anchor, look=look))


def _labels(plot: Plot, labels: Sequence[str], step: float) -> None:
    _labels_at(plot, labels, [LEFT + step * (at + 0.5) for at in range(len(labels))])


def _labels_at(plot: Plot, labels: Sequence[str], xs: Sequence[float]) -> None:
    """The labels that fit without touching; the first always."""
    free = float("-inf")
    for label, x in zip(labels, xs, strict=True):
        half = len(label) * LETTER / 2
        if x - half >= free:
            middle = min(max(x, half), WIDTH - half)
            _say(plot, middle, BOTTOM + UNDER, label, "middle")
            free = x + half + LETTER


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _mark(x: float, y: float, number: int) -> str:
    """A dot, a square or a diamond around a place."""
    shape = MARKS[number % len(MARKS)]
    if shape == "dot":
        return f"M{x - 4:.1f} {y}a4 4 0 1 0 8 0a4 4 0 1 0-8 0"
    if shape == "square":
        return f"M{x - 4:.1f} {y - 4:.1f}h8v8h-8z"
    return f"M{x} {y - 5:.1f}l5 5l-5 5l-5-5z"


def _legend(plot: Plot, names: Sequence[str], looks: Sequence[str]) -> None:
    if len(names) < 2:
        return
    x = LEFT
    for name, look in zip(names, looks, strict=False):
        plot.rects.append(Rect(x=x, y=LEGEND_Y - 10, width=11, height=11, look=look))
        _say(plot, x + 16, LEGEND_Y, name)
        x = round(x + 34 + len(name) * LETTER, 1)


def _mark_legend(plot: Plot, names: Sequence[str]) -> None:
    x = LEFT + 6
    for number, name in enumerate(names):
        plot.paths.append(Path(d=_mark(x, LEGEND_Y - 4, number), look=f"mark-{number + 1}"))
        _say(plot, x + 12, LEGEND_Y, name)
        x = round(x + 34 + len(name) * LETTER, 1)
