"""`manage.py draw_figures --sheet`: one page of everything that is drawn."""

from pathlib import Path

from django.core.management import call_command

from exercises.figures.writing import SHEET

ROOT = Path(__file__).resolve().parents[2]


def test_the_sheet_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "sheet.svg"
    call_command("draw_figures", sheet=target, verbosity=0)
    assert target.read_bytes() == (ROOT / SHEET).read_bytes()
