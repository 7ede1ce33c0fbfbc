"""Public Sans for screen and paper, cut at set-up from the package `fontpkg-public-sans`.

One variable font becomes two still ones, 400 and 700, with the Latin letters and signs that the
site uses: `.woff2` for the browser and `.ttf` for the printed plan. No font is committed.
"""

from importlib.metadata import files, version
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

PACKAGE = "fontpkg-public-sans"
SOURCE_NAME = "PublicSans[wght].ttf"
FAMILY = "Public Sans"
RECIPE = "1"
STYLES = {400: "Regular", 700: "Bold"}
LETTERS = (*range(0x20, 0x7F), *range(0xA0, 0x180))
SIGNS = "–—‘’‚“”„•…‹›€™−×÷≤≥≠½¼¾⅓⅔°"
FEATURES = (
    "kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "frac", "case",
)  # fmt: skip
STAMP = "made-from.txt"

SELECTION_STYLE_BITS = 0x61  # italic, bold, regular
SELECTION_OF = {400: 0x40, 700: 0x20}
FAMILY_IDS, STYLE_IDS, FULL_NAME_ID, POSTSCRIPT_ID = (1, 16), (2, 17), 4, 6


def make(folder: Path) -> bool:
    """Write the four font files into `folder`. Return False when they are there already."""
    stamp = f"{PACKAGE} {version(PACKAGE)}, recipe {RECIPE}\n"
    stamp_file = folder / STAMP
    if stamp_file.exists() and stamp_file.read_text() == stamp and _complete(folder):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    for weight in STYLES:
        font = cut(weight)
        font.save(folder / f"public-sans-{weight}.ttf")
        font.flavor = "woff2"
        font.save(folder / f"public-sans-{weight}.woff2")
    stamp_file.write_text(stamp)
    return True


def cut(weight: int) -> TTFont:
    """Return the still Latin cut of one weight."""
    font = instancer.instantiateVariableFont(TTFont(_source()), {"wght": weight})
    options = subset.Options()
    options.layout_features = list(FEATURES)
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(map(chr, LETTERS)) + SIGNS)
    subsetter.subset(font)
    _name(font, weight)
    return font


def _source() -> Path:
    """Return the variable font that the package brought."""
    for file in files(PACKAGE) or ():
        if file.name == SOURCE_NAME:
            return Path(str(file.locate()))
    raise FileNotFoundError(f"{SOURCE_NAME} is not in {PACKAGE}")


def _name(font: TTFont, weight: int) -> None:
    """Make both weights one family, so that bold finds its own cut."""
    style = STYLES[weight]
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection &= ~SELECTION_STYLE_BITS
    font["OS/2"].fsSelection |= SELECTION_OF[weight]
    font["head"].macStyle = int(weight == max(STYLES))
    names = dict.fromkeys(FAMILY_IDS, FAMILY) | dict.fromkeys(STYLE_IDS, style)
    names |= {FULL_NAME_ID: f"{FAMILY} {style}", POSTSCRIPT_ID: f"PublicSans-{style}"}
    for row in font["name"].names:
        if row.nameID in names:
            row.string = names[row.nameID]


def _complete(folder: Path) -> bool:
    """Say whether all four files are in `folder`."""
    return all(
        (folder / f"public-sans-{weight}.{ending}").exists()
        for weight in STYLES
        for ending in ("ttf", "woff2")
    )
