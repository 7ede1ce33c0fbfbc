"""The catalogues of words: collected from the code, merged into each language, counted, compiled.

A catalogue is a plain gettext file. A translation that a person who knows the language has read
carries the flag `reviewed`; without it nobody has. Sentences marked `safety` in their comment are
those that must not be misread. Read by the `messages` command and the practice's profile.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template.base import Node, Template
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.module_loading import import_string

from chiro import languages
from chiro.practice.translation import Words

PROJECT = "chiro"
REVIEWED = "reviewed"
SAFETY = "safety"
CODE = ("chiro", "screening", "exercises")
STAFF_TEMPLATES = "admin"
KEYWORDS: Mapping[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
WIDTH = 100
BESIDE = " | "

type Id = str | tuple[str, str]


# --- collecting ---------------------------------------------------------------------------------


def collect() -> Catalog:
    """Every sentence that a patient may read: of the core's tables, the templates, the code."""
    found = Catalog(project=PROJECT, charset="utf-8")
    for dotted_path in settings.PATIENT_WORDS:
        for words in import_string(dotted_path)():
            _add(found, words)
    for words in (*_in_templates(), *_in_code()):
        _add(found, words)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A sentence of a template or of Python, with its plural and context where it has them."""

    id: Id
    file: str
    context: str | None = None
    note: str = ""
    safety: bool = False


def _add(catalog: Catalog, words: Words | Found) -> None:
    english = words.english if isinstance(words, Words) else words.id
    context = words.context if isinstance(words, Found) else None
    comments = [note for note in (SAFETY if words.safety else "", words.note) if note]
    known = catalog.get(english, context=context)
    if known is not None:
        comments = [note for note in comments if note not in known.auto_comments]
    catalog.add(english, locations=[(words.file, 0)], auto_comments=comments, context=context)


def _in_templates() -> Iterator[Found]:
    """What `translate` and `blocktranslate` hold in the patient's templates."""
    root = Path(settings.BASE_DIR) / "templates"
    for file in sorted(root.rglob("*.html")):
        name = file.relative_to(root).as_posix()
        if not name.startswith(f"{STAFF_TEMPLATES}/"):
            yield from _in_template(name)


def _in_template(name: str) -> Iterator[Found]:
    parsed = cast(Any, get_template(name)).template
    for node in _nodes(parsed):
        if isinstance(node, TranslateNode):
            context = node.message_context
            yield Found(
                id=str(node.filter_expression.var.literal),
                file=f"templates/{name}",
                context=str(context.var) if context else None,
            )
        else:
            yield Found(id=_of_block(cast(BlockTranslateNode, node)), file=f"templates/{name}")


def _nodes(parsed: Template) -> Iterator[Node]:
    for node in parsed.nodelist:
        yield from node.get_nodes_by_type(TranslateNode)
        yield from node.get_nodes_by_type(BlockTranslateNode)


def _of_block(node: BlockTranslateNode) -> Id:
    one, _ = node.render_token_list(node.singular)
    if not (node.plural and node.countervar):
        return _trimmed(node, one)
    many, _ = node.render_token_list(node.plural)
    return _trimmed(node, one), _trimmed(node, many)


def _trimmed(node: BlockTranslateNode, text: str) -> str:
    return " ".join(line.strip() for line in text.strip().split("\n")) if node.trimmed else text


def _in_code() -> Iterator[Found]:
    """What `gettext` and its like hold in Python."""
    for package in CODE:
        for file in sorted((Path(settings.BASE_DIR) / package).rglob("*.py")):
            where = file.relative_to(settings.BASE_DIR).as_posix()
            with file.open("rb") as source:
                for _, words, _, context in extract("python", source, keywords=KEYWORDS):
                    yield Found(id=cast(Id, words), file=where, context=context)


# --- files ----------------------------------------------------------------------------------------


def po_file(code: str) -> Path:
    """Where the words of a language are kept."""
    return languages.folder_of(code) / "LC_MESSAGES" / "django.po"


def mo_file(code: str) -> Path:
    """Where its compiled words are kept: made at set-up, never committed."""
    return po_file(code).with_suffix(".mo")


def translations() -> list[str]:
    """The languages with a catalogue: all but English."""
    return [one.code for one in languages.installed() if one.code != languages.ENGLISH]


def read(code: str) -> Catalog:
    """The catalogue of a language; an empty one where there is no file yet."""
    file = po_file(code)
    if not file.is_file():
        return Catalog(locale=code.replace("-", "_"), project=PROJECT, charset="utf-8")
    with file.open("rb") as source:
        return read_po(source, locale=code.replace("-", "_"))


def text_of(catalog: Catalog) -> bytes:
    """A catalogue as it is written to its file: in the order of the pages, without line numbers.

    The head holds what a compiled catalogue needs, and nothing that changes with the clock.
    """
    out = BytesIO()
    head = HEAD.format(
        name=languages.by_code()[code_of(catalog)].name,
        language=catalog.locale_identifier,
        plurals=catalog.plural_forms,
    )
    out.write(head.encode())
    write_po(
        out, catalog, width=WIDTH, include_lineno=False, ignore_obsolete=True, omit_header=True
    )
    return out.getvalue()


HEAD = """\
# {name}. Flag a translation "reviewed" when a person who knows the language has read it.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def code_of(catalog: Catalog) -> str:
    """Django's code of a catalogue's language."""
    return str(catalog.locale_identifier).replace("_", "-").lower()


def merged(code: str, found: Catalog) -> Catalog:
    """A language's catalogue with today's sentences; translations of the same words are kept."""
    old = read(code)
    catalog = Catalog(locale=old.locale, project=PROJECT, charset="utf-8", fuzzy=False)
    for message in found:
        if message.id:
            _carry(catalog, message, old.get(message.id, context=message.context))
    return catalog


def _carry(catalog: Catalog, message: Message, known: Message | None) -> None:
    flags = message.flags | ({REVIEWED} & known.flags if known else set())
    catalog.add(
        message.id,
        known.string if known else None,
        locations=message.locations,
        flags=flags,
        auto_comments=message.auto_comments,
        user_comments=known.user_comments if known else (),
        context=message.context,
    )


def compile_all(*, force: bool = False) -> list[str]:
    """Compile every catalogue that is newer than its compiled words; return their codes."""
    stale = [code for code in translations() if force or _is_stale(code)]
    for code in stale:
        with mo_file(code).open("wb") as out:
            write_mo(out, read(code))
    return stale


def _is_stale(code: str) -> bool:
    source, made = po_file(code), mo_file(code)
    if not source.is_file():
        return False
    return not made.is_file() or made.stat().st_mtime < source.stat().st_mtime


# --- counting and checking ----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """How far a language is: sentences, how many are translated, how many a person reviewed."""

    strings: int
    translated: int
    reviewed: int
    safety: int
    safety_reviewed: int

    @property
    def unreviewed(self) -> int:
        """Sentences that no person has reviewed, translated or not."""
        return self.strings - self.reviewed

    @property
    def safety_unreviewed(self) -> int:
        """The same among those that must not be misread."""
        return self.safety - self.safety_reviewed


def coverage(code: str) -> Coverage:
    """How far a language is; read again when its file has changed."""
    file = po_file(code)
    return _coverage(code, file.stat().st_mtime if file.is_file() else 0.0)


@lru_cache(maxsize=32)
def _coverage(code: str, changed: float) -> Coverage:
    rows = [message for message in read(code) if message.id]
    return Coverage(
        strings=len(rows),
        translated=sum(map(is_translated, rows)),
        reviewed=sum(map(is_reviewed, rows)),
        safety=sum(map(is_safety, rows)),
        safety_reviewed=sum(is_safety(row) and is_reviewed(row) for row in rows),
    )


def is_translated(message: Message) -> bool:
    """Whether every form has words."""
    return all(words_of(message))


def is_reviewed(message: Message) -> bool:
    """Whether a person who knows the language has read the translation."""
    return REVIEWED in message.flags and is_translated(message)


def is_safety(message: Message) -> bool:
    """Whether it must not be misread."""
    return SAFETY in message.auto_comments


NAMED = re.compile(r"%\((\w+)\)[sd]")


def gaps(text: str) -> frozenset[str]:
    """The names of the gaps of a sentence: `{number}` in Python, `%(number)s` in templates."""
    named = NAMED.findall(text)
    if named:
        return frozenset(named)
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def english_of(message: Message) -> tuple[str, ...]:
    """The English of a sentence: one form, or singular and plural."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def words_of(message: Message) -> tuple[str, ...]:
    """The forms of a translation; an empty one where there is none."""
    if isinstance(message.string, tuple | list):
        return tuple(message.string)
    return (message.string or "",)


def problems(catalog: Catalog) -> Iterator[str]:
    """What is wrong with translations: other gaps than the English, a missing or surplus form."""
    for message in catalog:
        if not message.id or not is_translated(message):
            continue
        english, words = english_of(message), words_of(message)
        if len(english) > 1 and len(words) != catalog.num_plurals:
            yield f"{english[0]!r} needs {catalog.num_plurals} forms."
        yield from _wrong_gaps(english, words)


def _wrong_gaps(english: Collection[str], words: Iterable[str]) -> Iterator[str]:
    wanted = frozenset[str]().union(*map(gaps, english))
    for text in words:
        try:
            found = gaps(text)
        except ValueError:
            yield f"{text!r} has a brace too many or too few."
            continue
        if found - wanted or (wanted - found and len(english) == 1):
            yield f"{text!r} has the gaps {sorted(found)} instead of {sorted(wanted)}."


def each_text(catalog: Catalog, change: Callable[[str], str]) -> None:
    """Give every sentence a translation made from its English, for a language of the tests."""
    for message in catalog:
        if message.id:
            changed = tuple(map(change, english_of(message)))
            message.string = changed if len(changed) > 1 else changed[0]


def fill(catalog: Catalog, given: Mapping[str, str | list[str]]) -> tuple[int, int]:
    """Put translations in by their English; return how many, and how many found no place.

    A plural goes by its singular, with a list of its forms; a sentence with a context by context,
    " | " and sentence. What a person reviewed stays.
    """
    put = 0
    for message in catalog:
        key = english_of(message)[0]
        if message.context and key:
            key = f"{message.context}{BESIDE}{key}"
        if not key or key not in given or is_reviewed(message):
            continue
        words = given[key]
        message.string = tuple(words) if isinstance(words, list) else words
        put += 1
    return put, len(given) - put
