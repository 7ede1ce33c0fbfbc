"""The practice as pages name it: its name, its ways of being reached, its colours and languages."""

from dataclasses import dataclass
from functools import lru_cache

from django.db import DatabaseError
from django.urls import reverse

from chiro.languages import Language, by_code
from chiro.practice import logos, offered, theme
from chiro.practice.models import Practice


@dataclass(frozen=True, kw_only=True)
class Logo:
    """The practice's logo: its address and its size in pixels."""

    link: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Letterhead:
    """The practice as the pages print it; both links are `tel:` addresses.

    `languages` is what a visitor can choose among; empty when there is only English. The same
    practice has the same letterhead, so that parts of pages can be kept with it.
    """

    name: str
    mark: str
    address: str
    phone: str
    phone_link: str
    emergency: str
    emergency_link: str
    languages: tuple[Language, ...]
    theme: str
    admin_theme: str
    logo: Logo | None


def letterhead() -> Letterhead:
    """The current practice; a neutral one when the database cannot be reached."""
    try:
        practice = Practice.current()
    except DatabaseError:
        practice = Practice()
    codes = tuple(language.code for language in offered.offered(practice))
    return _letterhead(
        practice.name,
        practice.address,
        practice.phone,
        practice.emergency_number,
        practice.accent,
        logo_of(practice),
        codes if len(codes) > 1 else (),
    )


@lru_cache(maxsize=64)
def _letterhead(
    name: str,
    address: str,
    phone: str,
    emergency: str,
    accent: str,
    logo: Logo | None,
    codes: tuple[str, ...],
) -> Letterhead:
    look = [theme.digest(accent)]
    return Letterhead(
        name=name,
        mark=initials(name),
        address=address,
        phone=phone,
        phone_link=tel(phone),
        emergency=emergency,
        emergency_link=tel(emergency),
        languages=tuple(by_code()[code] for code in codes),
        theme=reverse("theme", args=look),
        admin_theme=reverse("admin-theme", args=look),
        logo=logo,
    )


def logo_of(practice: Practice) -> Logo | None:
    """The logo that stands beside the name; None without one."""
    if practice.logo_id is None:
        return None
    width, height = logos.size(practice.logo_id)
    return Logo(link=reverse("logo", args=[practice.logo_id]), width=width, height=height)


def initials(name: str) -> str:
    """The first letters of the first two words: "Harbor Street Chiropractic" gives "HS"."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def tel(number: str) -> str:
    """A `tel:` address of the digits (and a leading plus), empty for an empty number."""
    digits = "".join(char for char in number if char.isdigit())
    if not digits:
        return ""
    return f"tel:+{digits}" if number.strip().startswith("+") else f"tel:{digits}"
