"""``ketherapy models`` and ``ketherapy cite``: what is published, and by whom."""

from __future__ import annotations

import click


@click.command()
def models() -> None:
    """List the published models: what they describe, from whom, and how well known."""
    from tabulate import tabulate

    from ketherapy.pharmacology import catalog

    rows = [
        (
            model.id,
            "\n".join(
                f"{route.value}: {', '.join(d.value for d in catalog.drugs(model, route))}"
                for route in model.domain.routes
            ),
            ", ".join(model.analytes.values()),
            model.site_text,
            model.status.value,
            model.population.text,
        )
        for model in catalog.models()
    ]
    heads = ("model", "routes and drugs", "analytes fitted", "site", "status", "population")
    click.echo(tabulate(rows, headers=heads, maxcolwidths=[None, None, 24, 18, None, 40]))
    for entry in catalog.extensions():
        click.echo(f"\n{entry.id} ({entry.status.value}): {entry.title}.")
        click.echo(f"  applies to {', '.join(entry.extends)}. {entry.confidence}")


@click.command()
@click.argument("model")
@click.option("--bibtex", is_flag=True, help="BibTeX only")
def cite(model: str, bibtex: bool) -> None:
    """Say whom to cite for MODEL, as text and as BibTeX.

    \b
    Example
      ketherapy cite otto2021_iv
    """  # noqa: D301
    from ketherapy import sources
    from ketherapy.pharmacology import catalog

    entry = next((e for e in catalog.extensions() if e.id == model), None)
    found = entry or catalog.published(model)
    keys = (found.source, *found.also)
    if not bibtex:
        click.echo(f"{found.id}: {found.title} (status: {found.status.value})\n")
        for key in keys:
            click.echo(f"  {sources.cite(key)}")
        click.echo("")
    for key in keys:
        click.echo(sources.bibtex(key))
