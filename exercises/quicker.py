"""Work that WeasyPrint does again for every box and every paper, done once.

Most of a layout is spent on asking styles for values that never change: the computed style of an
element, its margins in pixels, its font for Pango. `start` puts functions in the place of
WeasyPrint's own that remember such answers beside the style they belong to, and hand everything
else to the originals. Not one byte of a paper changes, which a test compares. What is remembered
comes from style sheets alone: no word of a plan is among it.

It knows the inner names of one release. Under any other WeasyPrint nothing is replaced, and papers
are printed as before, only slower. `exercises.pdf` holds the lock under which all of this runs.
"""

import sys
from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

RELEASE = "70.0"
"""The WeasyPrint whose inner names are known here."""

MOST_STYLES = 2000
"""How many computed styles are kept, about 5 KB each; an edition has some 270."""

LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in ("left", "right", "top")),
    *("margin_bottom", "padding_bottom", "width", "min_width", "max_width"),
    *("height", "min_height", "max_height"),
)
BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))
NO_RADII = {
    f"border_{across}_{along}_radius": (0, 0)
    for across in ("top", "bottom")
    for along in ("left", "right")
}
TO_THE_END = 0xFFFFFFFF
"""Where Pango ends a mark that has no end."""

VALUES = ("lang", "anchor")
"""Declarations that come from attributes: their values are new objects in every paper."""

_styles: dict[Any, Any] = {}


@cache
def start() -> bool:
    """Put the quicker functions in place; whether this WeasyPrint is the one they are for."""
    import weasyprint

    if weasyprint.VERSION != RELEASE:
        return False
    _keep_styles()
    _keep_lengths()
    _keep_flow()
    _keep_fonts()
    return True


def forget() -> None:
    """Let go of all that is kept, Pango's fonts among it."""
    _styles.clear()


def _replace(original: Callable[..., Any], quicker: Callable[..., Any]) -> None:
    """Let every module of WeasyPrint that imported a function call another."""
    name = original.__name__
    for path, module in list(sys.modules.items()):
        if path.startswith("weasyprint.") and getattr(module, name, None) is original:
            setattr(module, name, quicker)


# --- computed styles --------------------------------------------------------------------------


def _keep_styles() -> None:
    """The same declarations under the same parent give the same style, in every paper.

    `StyleFor` shares them within a paper already. Values are told apart by identity: they belong
    to style sheets, and each kept style holds its own.
    """
    from weasyprint import css

    made = css.ComputedStyle

    def kept(parent: Any, cascaded: Any, pseudo: Any, root: Any, base: Any, *fonts: Any) -> Any:
        if parent is None and len(_styles) > MOST_STYLES:
            _styles.clear()
        key = (id(parent), pseudo, base, id(fonts[0]), _declared(cascaded))
        found = _styles.get(key)
        if found is None:
            found = _styles[key] = made(parent, cascaded, pseudo, root, base, *fonts)
        return found

    def copy(style: Any) -> Any:
        twin = made(*(getattr(style, name) for name in _MAKERS))
        twin.update(style)
        twin.specified = style.specified.copy()
        return twin

    css.ComputedStyle = kept
    made.copy = copy


_MAKERS = (
    *("parent_style", "cascaded", "pseudo_type", "root_style", "base_url", "font_config"),
    "initial_page_sizes",
)


def _declared(cascaded: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is declared for an element, to be compared."""
    return tuple(
        (name, value if name in VALUES else id(value), origin, layer, tuple(specificity))
        for name, (value, (origin, layer, specificity)) in cascaded.items()
    )


# --- used lengths -----------------------------------------------------------------------------


def _keep_lengths() -> None:
    """Margins and sizes in pixels are the same whatever a box stands in."""
    from weasyprint.layout import percent
    from weasyprint.layout.absolute import AbsolutePlaceholder  # It hands on what it is given.

    slow, slow_radii = percent.resolve_percentages, percent.resolve_radii_percentages

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        style = box.style
        try:
            used = style.used_lengths
        except AttributeError:
            used = style.used_lengths = _used_lengths(style, percent.adjust_box_sizing)
        if not used or type(box) is AbsolutePlaceholder:
            slow(box, containing_block)
            return
        box.__dict__.update(used)
        if style["border_collapse"] == "collapse":  # The table may have settled them before.
            for name in BORDERS:
                box.__dict__.setdefault(name, style[name])

    def resolve_radii_percentages(box: Any) -> None:
        style = box.style
        try:
            square = style.is_square
        except AttributeError:
            square = style.is_square = all((0, "px") in style[name] for name in NO_RADII)
        if square and type(box) is not AbsolutePlaceholder:
            box.__dict__.update(NO_RADII)
        else:
            slow_radii(box)

    _replace(slow, resolve_percentages)
    _replace(slow_radii, resolve_radii_percentages)


def _used_lengths(style: Any, shrink: Callable[[Any, str], None]) -> dict[str, Any]:
    """The lengths that a style gives a box; none where they depend on what it stands in."""
    collapses = style["border_collapse"] == "collapse"
    if collapses and style["box_sizing"] != "content-box":
        return {}
    used = {} if collapses else {name: style[name] for name in BORDERS}
    for name in LENGTHS:
        value = style[name]
        if value in (None, "auto"):
            used[name] = 0 if value and name.startswith("min_") else value
        elif getattr(value, "unit", "%") == "%":
            return {}
        else:
            used[name] = value.value
    box = SimpleNamespace(**used, style=style)
    shrink(box, "width")
    shrink(box, "height")
    return {name: value for name, value in vars(box).items() if name != "style"}


def _keep_flow() -> None:
    """Whether a box is in the flow is asked ten times a box, and decided by its style.

    Whether it is an attachment is asked once, at the price of an import.
    """
    from weasyprint.formatting_structure.boxes import Box

    slow = Box.is_in_normal_flow

    def is_in_normal_flow(box: Any) -> bool:
        style = box.style
        try:
            return bool(style.flows)
        except AttributeError:
            style.flows = slow(box)
            return bool(style.flows)

    slow_attachment = Box.is_attachment

    def is_attachment(box: Any) -> bool:
        return box.element is not None and box.element.tag == "a" and bool(slow_attachment(box))

    Box.is_in_normal_flow, Box.is_attachment = is_in_normal_flow, is_attachment


# --- fonts ------------------------------------------------------------------------------------


def _keep_fonts() -> None:
    """All lines of a style share Pango's context, its font and its marks."""
    from weasyprint.text import line_break

    layout, slow_strut = line_break.Layout, line_break.strut
    slow_setup, slow_text = layout.setup, layout.set_text
    pango = line_break.pango

    def setup(self: Any, style: Any) -> None:
        try:
            font = style.pango_font
        except AttributeError:
            font = style.pango_font = _font(style, line_break)
        self.marks = None
        if font is None:
            slow_setup(self, style)
            return
        context, description, self.language, self.marks = font
        self.style, self.first_line_direction = style, 0
        self.ascent = self.underline_position = self.strikethrough_position = None
        made = pango.pango_layout_new(context)
        self.layout = line_break.ffi.gc(made, line_break.gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, description)

    def set_text(self: Any, text: str, justify: bool = False) -> None:
        special = any(sign in text for sign in "\n\t\0")
        if self.marks is None or special or (justify and self.justification_spacing):
            slow_text(self, text, justify)
            return
        self.text = text
        pango.pango_layout_set_text(self.layout, text.encode(), -1)
        pango.pango_layout_set_attributes(self.layout, self.marks)

    def strut(style: Any) -> Any:
        try:
            return style.kept_strut
        except AttributeError:
            style.kept_strut = slow_strut(style)
            return style.kept_strut

    layout.setup, layout.set_text = setup, set_text
    _replace(slow_strut, strut)


def _font(style: Any, line_break: Any) -> tuple[Any, ...] | None:
    """Context, font, language and marks for Pango; None for a style with more than those."""
    pango, ffi = line_break.pango, line_break.ffi
    plain = style["text_decoration_line"] == "none" and style["font_language_override"] == "normal"
    if not plain or style["word_spacing"] or _features(style, line_break):
        return None
    made = pango.pango_font_map_create_context(style.font_config.font_map)
    context = ffi.gc(made, line_break.gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    direction = line_break.PANGO_DIRECTION[style["direction"]]
    pango.pango_context_set_base_dir(context, direction)
    if style["lang"]:
        language = pango.pango_language_from_string(style["lang"].encode())
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    return context, line_break.get_font_description(style), language, _marks(style, line_break)


def _features(style: Any, line_break: Any) -> Any:
    variants = ("ligatures", "position", "caps", "numeric", "alternates", "east_asian")
    names = ("font_kerning", *(f"font_variant_{name}" for name in variants))
    return line_break.font_features(
        *(style[name] for name in names), style["font_feature_settings"]
    )


def _marks(style: Any, line_break: Any) -> Any:
    """Letter spacing and "no hyphens", for a text of any length."""
    pango, found = line_break.pango, []
    spacing = style["letter_spacing"]
    if spacing not in ("normal", 0):
        found.append(pango.pango_attr_letter_spacing_new(int(spacing * line_break.TO_UNITS)))
    if style["overflow_wrap"] in ("anywhere", "break-word"):
        found.append(pango.pango_attr_insert_hyphens_new(False))
    marks = line_break.ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for mark in found:
        mark.start_index, mark.end_index = 0, TO_THE_END
        pango.pango_attr_list_change(marks, mark)
    return marks
