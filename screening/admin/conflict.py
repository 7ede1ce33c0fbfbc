"""What the review page says when somebody else saved in between, and what was chosen then.

The page of the conflict carries three sets of values as JSON: `base`, as this person opened the
record; `mine`, as they typed it; `opened`, as the other one saved it. Nothing of them is trusted
more than what is typed: all of it passes the same forms.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from screening.admin import merging, parts
from screening.admin.merging import ON, ORDER, ROW, ROWS, Line, Value, Values
from screening.models import Decision, Screening

TAKE = "take-"
"""The name of a line's choice, before the name of the line."""
LONGEST_ROW = 5


def values_in(posted: QueryDict, name: str) -> dict[str, Value]:
    """The values that the page carried under a name; none when they did not come back whole."""
    try:
        values = json.loads(posted.get(name, ""))
    except ValueError:
        return {}
    if not isinstance(values, dict):
        return {}
    return {key: value for key, value in values.items() if _is_value(value)}


def _is_value(value: Any) -> bool:
    listed = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return listed or isinstance(value, str)


def typed_values(posted: QueryDict, mine: Values) -> dict[str, Value]:
    """What was typed, also into a part that the record has no place for any more."""
    opened = values_in(posted, "opened")
    gone = ROWS in opened and ROWS not in mine
    raw = {
        name: posted.getlist(name) if name == ROWS else parts.as_text(posted[name])
        for name in posted
        if (name in opened and name not in mine) or (gone and merging.is_of_row(name))
    }
    lost = raw if gone else {name: raw[name] for name in raw if not merging.is_of_row(name)}
    return {**mine, **lost}


def chosen(posted: QueryDict) -> QueryDict:
    """What was typed, with each line of the table of differences as it was chosen."""
    data = posted.copy()
    if "mine" not in posted:
        return data
    typed: dict[str, Value] = {
        name: texts[0] if len(texts) == 1 and name != ROWS else list(texts)
        for name, texts in posted.lists()
    }
    values = merging.choose(
        opened=values_in(posted, "base"),
        mine=values_in(posted, "mine"),
        theirs=values_in(posted, "opened"),
        typed={name: parts.as_text(value) for name, value in typed.items()},
        takes={name.removeprefix(TAKE): typed[name] for name in typed if name.startswith(TAKE)},
    )
    for name, value in values.items():
        if value != typed.get(name):
            data.setlist(name, [value] if isinstance(value, str) else list(value))
    return data


def between(
    screening: Screening, *, opened: Values, mine: Values, theirs: Values, labels: Mapping[str, str]
) -> dict[str, Any]:
    """Who saved in between and when, each difference ready to choose on, the merged values."""
    merged = merging.merge(opened=opened, mine=mine, theirs=theirs)
    last = Decision.objects.filter(screening=screening).select_related("by").last()
    lines = [_line(line, opened, mine, theirs, labels) for line in merged.lines]
    return {
        "by": last.by.display_name if last else "Somebody",
        "at": last.at if last else screening.review.updated_at,
        "values": merged.values,
        "lines": [line for line in lines if not line["stale"]],
        "stale": [line for line in lines if line["stale"]],
        "clashes": sum(line.clash for line in merged.lines),
        "base": json.dumps(opened),
        "mine": json.dumps(mine),
    }


def _line(
    line: Line, opened: Values, mine: Values, theirs: Values, labels: Mapping[str, str]
) -> dict[str, Any]:
    """A line of the table."""
    return {
        "name": f"{TAKE}{line.name}",
        "label": labels.get(line.name, line.name),
        "opened": _words(line, line.opened, opened, labels),
        "mine": _words(line, line.mine, mine, labels),
        "theirs": _words(line, line.theirs, theirs, labels),
        "takes_mine": line.take == "mine",
        "clash": line.clash,
        "stale": line.stale,
    }


def _words(line: Line, value: Value, values: Values, labels: Mapping[str, str]) -> str:
    """A value in words; a row that stands with the numbers of its dose."""
    if line.name == ORDER:
        return ", ".join(labels.get(f"{ROW}{slug}", slug) for slug in value)
    if line.name.startswith(ROW) and value == ON:
        return ", ".join([str(value), *_dose(line.name.removeprefix(ROW), values, labels)])
    text = ", ".join(value) if isinstance(value, list) else value
    return text or "empty"


def _dose(slug: str, values: Values, labels: Mapping[str, str]) -> list[str]:
    """The numbers of a row: "Sets 2", "Times 10"."""
    prefix = f"{ROWS}-{slug}-"
    found = [
        f"{labels.get(name, name).rpartition(': ')[2]} {value}"
        for name, value in values.items()
        if name.startswith(prefix) and isinstance(value, str) and value.isdecimal()
    ]
    return found[:LONGEST_ROW]
