"""The forms of the site for `scan`, filled in, each with a session that may send it.

The doors are tried at a higher level than what lies behind them: a stranger reaches them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

CSRF = "f" * 32
BORN = {"birth_month": "4", "birth_day": "15", "birth_year": "1984"}
DOORS: Mapping[str, Mapping[str, str]] = {
    "/": {"start": "new", "website": ""},
    "/i/": {"code": "7KQ4MXRD"},
    "/resume/": {"code": "7KQ4MXRD", **BORN},
    "/plan/": {"code": "7KQ4MXRD7KQ4", **BORN},
    "/language/": {"language": "en", "next": "/"},
    "/admin/login/": {"login": "owner", "password": "wrong"},
}
SEARCHES = (
    "/admin/screening/screening/?q=maria",
    "/admin/screening/patient/?q=maria",
    "/admin/screening/invitation/?q=maria",
    "/admin/exercises/planlink/?q=maria",
    "/admin/exercises/practiceexercise/?q=band",
    "/admin/practice/auditevent/?q=1",
)


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form: where it goes, what is in it, and whose browser sends it."""

    path: str
    fields: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    level: int = 1

    def words(self, site: str) -> list[str]:
        """What sqlmap is told; every field is tried, and in searches the query."""
        cookie = "; ".join(f"{n}={v}" for n, v in ({"csrf": CSRF} | dict(self.cookies)).items())
        found = ["-u", site + self.path, "--cookie", cookie, "--level", str(self.level)]
        if not self.fields:
            return [*found, "-p", "q"]
        data = urlencode(dict(self.fields) | {"csrfmiddlewaretoken": CSRF})
        return [*found, "--data", data, "-p", ",".join(self.fields)]


def forms() -> Iterator[Form]:
    """Every form: the doors, the questionnaire page by page, an open plan, and the staff's."""
    import django

    django.setup()
    for path, fields in DOORS.items():
        yield Form(path=path, fields=fields, level=3)
    yield from questionnaire()
    yield from plan()
    cookies = staff()
    for path in SEARCHES:
        yield Form(path=path, cookies=cookies, level=2)


def questionnaire() -> Iterator[Form]:
    """Each page as a patient sends it, in a session whose answers are all there."""
    from screening.questionnaire import SECTIONS
    from script.benchmarks.fault_cases import prepare
    from tests.web.visitor import RECORD, posted

    answers, born = prepare.calm_answers()
    cookies = {"session": prepare.drafts(answers, born, 0, 1)[0]["session"]}
    for section in SECTIONS:
        data = {name: one(value) for name, value in posted(section, RECORD).items()}
        if data:
            yield Form(path=f"/check/{section.slug}/", fields=data, cookies=cookies)


def one(value: Any) -> str:
    """A field's value, or the first of several."""
    return str(value[0] if isinstance(value, list) else value)


def plan() -> Iterator[Form]:
    """The diary and the check-in of a patient whose plan is open."""
    from exercises.models import Plan, PlanLink
    from script.benchmarks.fault_cases.prepare import open_plan

    link = PlanLink.objects.filter(revoked_at=None).earliest("pk")
    rows = Plan.objects.filter(screening=link.screening_id, status=Plan.Status.APPROVED)
    opened = open_plan(link, rows.get())
    cookies = {name: opened[name] for name in ("session", "plan")}
    version, slug = str(opened["version"]), opened["slug"]
    act = {"version": version, "key": "scanned"}
    tick = act | {"slug": slug, "day": opened["day"], "state": "done", "place": "1"}
    day = act | {"was": slug, "done": slug, "pain": "3", "difficulty": "about_right"}
    yield Form(path="/plan/done/", fields=tick, cookies=cookies, level=2)
    yield Form(path="/plan/diary/", fields=day, cookies=cookies, level=2)
    yield Form(
        path="/plan/check-in/", fields=act | {"pain": "3", "change": "same"}, cookies=cookies
    )


def staff() -> Mapping[str, str]:
    """The cookies of an owner."""
    from chiro.practice.models import Role
    from script.benchmarks.load.people import signed_in

    return {"session": signed_in(Role.OWNER)}
