"""The server as it is, without what the site checks before it starts: for the bare Django site."""

from typing import Any

from chiro.gunicorn import *  # noqa: F403


def on_starting(server: Any) -> None:  # type: ignore[no-redef]
    """Nothing: the bare site has settings of its own."""


def child_exit(server: Any, worker: Any) -> None:  # type: ignore[no-redef]
    """Nothing to count."""


def on_exit(server: Any) -> None:  # type: ignore[no-redef]
    """Nothing to put away."""
