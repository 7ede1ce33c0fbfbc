"""The colours of the drawings and the contrasts they must keep. Core: standard library only."""

INK = "#1b2a36"
PAPER = "#ffffff"
SKIN, SKIN_FAR = "#ffffff", "#dfe5ea"
SHIRT, SHIRT_FAR = "#e4eff6", "#cbd9e2"
SHORTS, SHORTS_FAR = "#bcd3e2", "#a3bccb"
SHOE, SHOE_FAR = "#41586a", "#6d8191"
HAIR = "#41586a"
MUSCLE = "#b92d05"
MOVE = "#0b57a4"
BAND = "#f5c518"
PILLOW = "#f6e9c9"
BALL = "#f5c518"
PROP, PROP_SIDE = "#eef1f3", "#d5dbe0"
MAT, MAT_SIDE = "#e6edf2", "#c3d0da"
FLOOR = "#e3e9ee"
WRONG, GOOD = "#9b1c1c", "#1f6b3a"
GUIDE = "#55626c"


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" by the WCAG formula, 0 (black) to 1 (white)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """WCAG contrast of two colours, 1 to 21; it is that of their greys too."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
