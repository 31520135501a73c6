"""``ketherapy evidence``: what trials found, listed, shown, pooled, drawn, checked, brought in."""

from __future__ import annotations

import click

from ketherapy.cli.evidence_claims import claims
from ketherapy.cli.evidence_files import check, import_table
from ketherapy.cli.evidence_list import list_evidence, show
from ketherapy.cli.evidence_pool import forest, pool


@click.group()
def evidence() -> None:
    """List, show, pool and draw what trials found; check a file, bring in a table.

    \b
    Examples
      ketherapy evidence list --condition ptsd
      ketherapy evidence show murrough2013
      ketherapy evidence pool esketamine_response_month
    """  # noqa: D301


for command in (list_evidence, show, pool, forest, claims, check, import_table):
    evidence.add_command(command)
