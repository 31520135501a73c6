"""The page of the command line: what ``--help`` says."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ketherapy.cli import main
from reference_pages.markdown import page as whole

_WIDTH = 88
_AFTER = """\
Exit code 0 means done, 2 means that something typed cannot be used; the sentence on standard
error says what was expected, what came and what to do. Nothing is written in that case."""


def page() -> str:
    """Return the page."""
    return whole("Command line", _AFTER, *_help(main, "ketherapy", None))


def _help(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    given = {**command.context_settings, "terminal_width": _WIDTH, "max_content_width": _WIDTH}
    with click.Context(command, info_name=name, parent=parent, **given) as context:
        yield f"## {context.command_path}"
        yield f"```text\n{context.get_help()}\n```"
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                found = command.get_command(context, inner)
                if found is not None:
                    yield from _help(found, inner, context)
