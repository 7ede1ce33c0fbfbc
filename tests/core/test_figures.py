"""The drawings: what every figure must hold to, and that the committed files are what is drawn."""

import json
import re
from functools import lru_cache
from pathlib import Path

import pytest

from exercises import figures as drawings
from exercises import library
from exercises.figures import checks
from exercises.figures.chart import NAMES, zones
from exercises.figures.composition import files, picture, side_words
from exercises.figures.motion import FRAMES
from exercises.figures.pelvis import RESULTS, pelvis_name, pose_of, tilt_of
from exercises.figures.pose_files import Figure, figures
from exercises.figures.sheet import sheet
from exercises.figures.skeleton import OTHER, Body
from exercises.figures.solving import mirrored, solve
from exercises.figures.writing import SHEET, all_texts

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static" / "figures"
FIGURES = tuple(figures().values())
DRAWN = tuple(f for f in FIGURES if f.kind != "option")
ONE_SIDED = tuple(f for f in FIGURES if f.one_sided)

EXERCISES = [
    "adductor-rock-back",
    "bird-dog",
    "clamshell",
    "dead-bug",
    "double-leg-bridge",
    "glute-squeeze",
    "half-kneeling-hip-flexor-stretch",
    "hip-hinge",
    "hip-hitch",
    "isometric-hip-abduction",
    "lateral-band-walk",
    "lateral-step-up",
    "lateral-thigh-self-massage",
    "quadruped-hip-extension",
    "side-lying-leg-lift",
    "side-plank",
    "side-plank-knees",
    "side-plank-leg-lift",
    "single-leg-bridge",
    "single-leg-deadlift",
    "single-leg-squat",
    "single-leg-stance",
    "sit-to-stand",
    "split-squat",
    "standing-hip-abduction",
    "standing-hip-flexor-stretch",
    "standing-weight-shift",
    "step-down",
]
HABITS = ["habit-even-stance", "habit-sit-break", "habit-sleep-pillow", "habit-uncross"]
OPTIONS = [
    "option-lie-on",
    "option-lie-stacked",
    "option-knee-pillow",
    "option-lean-on",
    "option-stand-even",
    "option-cross-knee-over-knee",
    "option-cross-ankle-on-knee",
    "option-cross-ankles",
    "option-sit-slumped",
    "option-sit-upright",
    "option-mirror-level",
    "option-mirror-dropped",
    "option-mirror-lean",
    "option-leg-lift",
]

EXCHANGE = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}


@lru_cache(maxsize=1)
def drawn() -> dict[str, str]:
    """Every file as it is drawn now; drawn once for all tests."""
    return dict(all_texts())


def each(chosen: tuple[Figure, ...]) -> pytest.MarkDecorator:
    """One test a figure, named after it."""
    return pytest.mark.parametrize("figure", chosen, ids=[f.slug for f in chosen])


def frames(figure: Figure) -> list[tuple[str, str, str, str]]:
    """Name, frame, side and text of each picture of a figure."""
    return [(n, f, s, drawn()[f"{n}.svg"]) for n, (f, s) in files(figure).items()]


def test_every_exercise_habit_and_option_has_a_figure() -> None:
    assert sorted(drawings.figure_names()) == sorted([*EXERCISES, *HABITS, *OPTIONS])
    kinds = {f.slug: f.kind for f in FIGURES}
    assert {s for s, k in kinds.items() if k == "exercise"} == set(EXERCISES)
    assert {s for s, k in kinds.items() if k == "habit"} == set(HABITS)


def test_the_committed_files_are_exactly_what_is_drawn() -> None:
    committed = {p.name: p.read_bytes() for p in STATIC.iterdir()}
    assert sorted(committed) == sorted(drawn())
    changed = [n for n, text in drawn().items() if committed[n] != text.encode()]
    assert changed == []


@each(FIGURES)
def test_bodies_contacts_movement_and_picture_hold(figure: Figure) -> None:
    assert checks.faults(figure) == []


@each(FIGURES)
def test_frames_are_small_and_print_safe(figure: Figure) -> None:
    for name, _, _, text in frames(figure):
        assert list(checks.file_text(figure, name, text)) == []


def test_no_two_drawings_share_an_id() -> None:
    ids = [i for text in drawn().values() for i in re.findall(r' id="([^"]+)"', text)]
    assert len(ids) == len(set(ids)) >= 2 * len(frames(FIGURES[0]))


def test_colours_keep_their_contrast_in_colour_and_grey() -> None:
    assert list(checks.contrasts()) == []


@each(FIGURES)
def test_a_figure_says_in_words_what_it_shows(figure: Figure) -> None:
    for _, frame, side, text in frames(figure):
        words = figure.words[0 if frame == "start" else 1]
        assert f">{side_words(figure, side, words)}</desc>" in text.replace("&amp;", "&")
        assert len(drawings.describe(figure.slug, side)) > 40
        assert "{" not in text


@each(ONE_SIDED)
def test_left_and_right_pictures_name_their_side_and_the_other(figure: Figure) -> None:
    for side in ("left", "right"):
        heading = drawings.title(figure.slug, side)
        said = f"{heading} {drawings.describe(figure.slug, side)}"
        swapped = f"{drawings.title(figure.slug, OTHER[side])} " + drawings.describe(
            figure.slug, OTHER[side]
        )
        turned = re.sub(r"\b([Ll]eft|[Rr]ight)\b", lambda m: EXCHANGE[m[1]], said)
        assert side in heading.lower()
        assert turned == swapped


@each(ONE_SIDED)
def test_the_other_side_is_the_mirror_image_with_unmirrored_signs(figure: Figure) -> None:
    own = [t for _, _, s, t in frames(figure) if s == figure.worked]
    other = [t for _, _, s, t in frames(figure) if s != figure.worked]
    for a, b in zip(own, other, strict=True):
        group = re.search(r'<g transform="matrix\(-1 0 0 1 -?\d+ 0\)">(.*?)</g>', b)
        assert group is not None
        assert group[1] in a
        assert "matrix" not in a
        assert group[1].count("<path") >= 10
        assert b.count("matrix") == 1


WORKED: dict[str, tuple[str, str]] = {
    "clamshell": ("the top leg", "higher hip"),
    "side-lying-leg-lift": ("the top leg", "higher hip"),
    "option-leg-lift": ("the top leg", "higher hip"),
    "habit-sleep-pillow": ("the top leg", "higher hip"),
    "side-plank": ("the bottom side", "lower hip"),
    "side-plank-knees": ("the bottom side", "lower hip"),
    "side-plank-leg-lift": ("the bottom side", "lower hip"),
    "option-lie-on": ("the side lain on", "lower hip"),
    "hip-hitch": ("the stance leg", "lower foot stays"),
    "lateral-step-up": ("the leg on the step", "lower foot stays"),
    "step-down": ("the leg on the step", "lower foot stays"),
    "single-leg-stance": ("the stance leg", "lower foot"),
    "single-leg-squat": ("the stance leg", "lower foot"),
    "single-leg-deadlift": ("the stance leg", "lower foot"),
    "single-leg-bridge": ("the planted leg", "lower foot"),
    "standing-weight-shift": ("the loaded leg", "pelvis over foot"),
    "habit-even-stance": ("the leg that is hung on", "hung on"),
    "option-lean-on": ("the leg that is hung on", "hung on"),
    "option-mirror-level": ("the stance leg", "lower foot"),
    "option-mirror-dropped": ("the stance leg", "lower foot"),
    "option-mirror-lean": ("the stance leg", "lower foot"),
    "standing-hip-abduction": ("the moving leg", "higher foot"),
    "quadruped-hip-extension": ("the moving leg", "higher foot"),
    "split-squat": ("the front leg", "front foot"),
    "standing-hip-flexor-stretch": ("the back leg", "back foot"),
    "half-kneeling-hip-flexor-stretch": ("the kneeling leg", "back foot"),
    "adductor-rock-back": ("the leg out to the side", "outer foot"),
    "lateral-thigh-self-massage": ("the rolled thigh", "hand moves"),
    "habit-uncross": ("the crossed leg", "crossed"),
    "option-cross-knee-over-knee": ("the top leg", "higher foot"),
    "option-cross-ankle-on-knee": ("the top leg", "higher foot"),
    "option-cross-ankles": ("the front leg", "front foot"),
}
"""Figure -> what its side means, and how to see it in the body that is drawn."""


def _holds(how: str, side: str, start: Body, end: Body) -> bool:
    """Whether the drawn bodies show `side` as the side that `how` describes."""
    other = OTHER[side]

    def up(body: Body, joint: str) -> float:
        return body.joints[f"{side} {joint}"][1] - body.joints[f"{other} {joint}"][1]

    ankles = [end.joints[f"{s} ankle"] for s in (side, other)]
    ahead = end.frames["pelvis"][0]
    forward = sum((a - b) * f for a, b, f in zip(*ankles, (ahead[0], 0, ahead[2]), strict=True))
    moved = [abs(start.joints[f"{side} ankle"][i] - end.joints[f"{side} ankle"][i]) for i in (0, 1)]
    pelvis = end.joints["pelvis"]
    checks_by_name = {
        "higher hip": up(start, "hip") > 10,
        "lower hip": up(start, "hip") < -10,
        "higher foot": up(end, "ankle") > 3,
        "lower foot": up(end, "ankle") < -3,
        "lower foot stays": max(moved) < 0.5,
        "front foot": forward > 5,
        "back foot": forward < -5,
        "outer foot": abs(ankles[0][2]) > 40,
        "pelvis over foot": abs(pelvis[0] - ankles[0][0]) < abs(pelvis[0] - ankles[1][0]) - 5,
        "hung on": up(start, "hip") > 1
        and abs(start.joints["pelvis"][0] - start.joints[f"{side} ankle"][0]) < 10,
        "hand moves": abs(start.joints[f"{side} wrist"][0] - end.joints[f"{side} wrist"][0]) > 5,
        "crossed": up(start, "ankle") > 10,
    }
    return checks_by_name[how]


@each(ONE_SIDED)
def test_the_side_in_the_words_is_the_side_in_the_drawing(figure: Figure) -> None:
    how = WORKED[figure.slug][1]
    start, end = solve(figure.start), solve(figure.poses[-1])
    assert _holds(how, figure.worked, start, end)
    assert not _holds(how, OTHER[figure.worked], start, end)
    assert _holds(how, OTHER[figure.worked], mirrored(start), mirrored(end))


@each(ONE_SIDED)
def test_a_mirrored_movement_still_does_the_exercise(figure: Figure) -> None:
    start, end = mirrored(solve(figure.start)), mirrored(solve(figure.end))
    flip = {"left": "right", "right": "left"}
    for rule in figure.rules:
        names = {
            key: " ".join(flip.get(w, w) for w in getattr(rule, key).split())
            for key in ("joint", "than")
        }
        turned = type(rule)(
            joint=names["joint"], than=names["than"], change=rule.change, least=rule.least,
            most=rule.most, frame=rule.frame,
        )  # fmt: skip
        assert checks.obeys(turned, start, end) == ""


def test_a_reversed_hip_hitch_is_noticed() -> None:
    figure = figures()["hip-hitch"]
    start, end = solve(figure.end), solve(figure.start)
    assert [w for w in (checks.obeys(r, start, end) for r in figure.rules) if w] != []


def test_habits_carry_a_cross_then_a_tick_and_exercises_neither() -> None:
    for figure in DRAWN:
        for _, frame, _, text in frames(figure):
            assert ("#9b1c1c" in text) == (figure.kind == "habit" and frame == "start")
            assert ("#1f6b3a" in text) == (figure.kind == "habit" and frame == "end")


@each(DRAWN)
def test_the_end_frame_has_an_arrow_and_the_start_frame_has_none(figure: Figure) -> None:
    for _, frame, _, text in frames(figure):
        arrows = text.count('fill="#0b57a4"')
        assert (arrows >= 1) if frame == "end" else (arrows == 0)


def test_files_of_a_side_are_found_by_slug() -> None:
    assert drawings.figure_files("clamshell", "left") == (
        "figures/clamshell-left-1.svg",
        "figures/clamshell-left-2.svg",
    )
    assert drawings.figure_files("bird-dog", "both") == (
        "figures/bird-dog-1.svg",
        "figures/bird-dog-2.svg",
    )
    assert drawings.moving_file("clamshell", "right") == "figures/clamshell-right-moving.svg"
    assert drawings.moving_file("habit-uncross", "right") == ""
    assert drawings.option_file("option-lie-on", "left") == "figures/option-lie-on-left.svg"
    with pytest.raises(KeyError):
        drawings.figure_files("no-such-exercise", "left")
    with pytest.raises(ValueError, match="no side"):
        drawings.figure_files("clamshell", "upper")


@each(DRAWN)
def test_every_named_file_exists(figure: Figure) -> None:
    for side in ("left", "right", "both"):
        names = [*drawings.figure_files(figure.slug, side)]
        if figure.kind == "exercise":
            names.append(drawings.moving_file(figure.slug, side))
        assert all((ROOT / "static" / name).is_file() for name in names)


def test_a_film_strip_holds_the_frames_that_the_stylesheet_steps_through() -> None:
    css = (ROOT / "static" / "css" / "figures.css").read_text()
    assert f"width: {FRAMES}00%" in css
    assert f"steps({FRAMES - 1}, end)" in css
    assert f"translateX(-{100 * (FRAMES - 1) / FRAMES:.4f}%)" in css
    assert "prefers-reduced-motion: no-preference" in css
    strips = [t for n, t in drawn().items() if n.endswith("-moving.svg")]
    assert len(strips) == sum(2 if f.one_sided else 1 for f in FIGURES if f.kind == "exercise")
    assert all(len(re.findall(r'<g transform="', t)) == FRAMES for t in strips)


PLACES = {
    *(f"{r}:{s}" for r in NAMES for s in ("left", "right")),
    "low_back:middle",
}


def test_the_chart_has_a_zone_for_every_place_of_the_contract() -> None:
    found = {zone.place for view in ("front", "back") for zone in zones(view)}
    assert found == PLACES
    assert len(found) == 19


def test_zones_of_a_view_do_not_share_a_tap() -> None:
    for view in ("front", "back"):
        boxes = [zone.hit for zone in zones(view)]
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])
            assert min(a[2] - a[0], a[3] - a[1]) > 8


def test_left_zones_are_on_the_patients_left() -> None:
    for view, left_is in (("front", 1), ("back", -1)):
        for zone in zones(view):
            middle = sum(p[0] for p in zone.outline) / len(zone.outline)
            side = zone.place.partition(":")[2]
            if side == "middle":
                assert abs(middle) < 1
            else:
                assert (middle * left_is > 3) == (side == "left")


def test_zones_of_one_side_mirror_those_of_the_other() -> None:
    """The page draws the right ones as mirror images, which halves what it sends."""
    for view in ("front", "back"):
        outlines = {zone.place: zone.outline for zone in zones(view)}
        for place, left in outlines.items():
            if place.endswith(":left"):
                right = outlines[place.replace(":left", ":right")]
                assert max(x for x, _ in left) == pytest.approx(-min(x for x, _ in right), abs=0.1)
                assert min(x for x, _ in left) == pytest.approx(-max(x for x, _ in right), abs=0.1)
                assert max(y for _, y in left) == pytest.approx(max(y for _, y in right), abs=0.1)


def test_the_zone_file_names_both_views_and_fits_the_drawings() -> None:
    data = json.loads(drawn()["chart-zones.json"])
    for view in ("front", "back"):
        box = " ".join(str(v) for v in data[view]["viewBox"])
        assert f'viewBox="{box}"' in drawn()[f"chart-{view}.svg"]
        for zone in data[view]["zones"]:
            left, top, width, height = zone["hit_percent"]
            assert 0 <= left <= left + width <= 100
            assert 0 <= top <= top + height <= 100
            if not zone["zone"].endswith(":right"):  # Those are mirrored.
                assert zone["path"] in drawn()[f"chart-{view}.svg"]


@pytest.mark.parametrize(("overall", "level"), RESULTS)
def test_the_pelvis_picture_drops_the_other_side_and_marks_the_named_one(
    overall: str, level: str
) -> None:
    tilt = tilt_of(overall, level)
    body = solve(pose_of(tilt))
    drop = body.joints["left hip"][1] - body.joints["right hip"][1]
    expected = {"left": 1, "right": -1}.get(overall, 0)
    assert (drop > 1, drop < -1) == (expected > 0, expected < 0)
    text = drawn()[f"{pelvis_name(overall, level)}.svg"]
    assert ("#b92d05" in text) == (overall != "neither")
    assert ("matrix" in text) == (overall == "left")
    if overall in OTHER:
        assert f"Standing on the {overall} leg, the {OTHER[overall]} hip drops" in text
    assert (ROOT / "static" / drawings.pelvis_file(overall, level)).is_file()


def test_a_likely_result_tilts_more_than_a_possible_one() -> None:
    for side in ("left", "right"):
        assert tilt_of(side, "likely").degrees > tilt_of(side, "possible").degrees > 0


def test_drawings_use_only_what_print_can_hold() -> None:
    allowed = {"svg", "g", "title", "desc", "path", "circle", "ellipse", "text"}
    for text in (t for n, t in drawn().items() if n.endswith(".svg")):
        assert set(re.findall(r"<([a-z]+)", text)) <= allowed
        assert 'width="' in text
        assert 'height="' in text
        assert "style=" not in text


def test_the_committed_sheet_shows_everything_once() -> None:
    text = sheet()
    assert (ROOT / SHEET).read_text(encoding="utf-8") == text
    frames_of_figures = sum(len(f.poses) for f in FIGURES)
    assert text.count("viewBox") == 1 + frames_of_figures + 2 + len(RESULTS)
    assert ' id="' not in text


def test_drawing_twice_gives_the_same_bytes() -> None:
    figure = figures()["clamshell"]
    name, (frame, side) = next(iter(files(figure).items()))
    assert picture(figure, frame, side, name) == drawn()[f"{name}.svg"]


CARD_SIDES = {"each": "one", "both": "both", "alternating": "alternating", "": ""}
CARD_MUSCLES = {
    "hip flexors": "hip_flexors",
    "inner thigh": "adductors",
    "outer thigh": "outer_thigh",
}
MEANINGS = {
    "the top leg": "top_leg",
    "the bottom side": "bottom_side",
    "the stance leg": "stance_leg",
    "the loaded leg": "stance_leg",
    "the planted leg": "planted_leg",
    "the moving leg": "moving_leg",
    "the front leg": "front_leg",
    "the back leg": "back_leg",
    "the kneeling leg": "kneeling_leg",
    "the leg out to the side": "straight_leg",
    "the rolled thigh": "rolled_leg",
}
"""What a figure's side means -> the card's word for it."""


@each(DRAWN)
def test_the_card_and_its_figure_agree(figure: Figure) -> None:
    card = library.load()[figure.slug]
    assert drawings.title(figure.slug, "both").startswith(card.name)
    muscles = {CARD_MUSCLES.get(m, m.replace(" ", "_")) for m in figure.muscles}
    assert muscles <= set(card.muscles)
    if card.sides is not None and figure.slug != "lateral-band-walk":
        assert figure.sides == CARD_SIDES[card.sides]
    if card.worked_side:
        meaning = WORKED[figure.slug][0]
        assert card.worked_side in (MEANINGS.get(meaning), "step_leg", "stance_leg")
