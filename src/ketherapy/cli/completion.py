"""``ketherapy completion``: the script that completes commands in a shell."""

from __future__ import annotations

import click

from ketherapy.cli.output import Sentence


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    Example
      eval "$(ketherapy completion bash)"
    """  # noqa: D301
    from click.shell_completion import get_completion_class

    main = click.get_current_context().find_root().command
    script = get_completion_class(shell)
    if script is None:
        raise Sentence(f"shell: expected bash, zsh or fish, got {shell!r}. Choose one.")
    click.echo(script(main, {}, "ketherapy", "_KETHERAPY_COMPLETE").source())
