"""``ketherapy models``, ``effects`` and ``cite``: what is published, and by whom."""

from __future__ import annotations

import click


@click.command()
def models() -> None:
    """List the published models, how far each is trusted, and which is drawn for which use."""
    from tabulate import tabulate

    from ketherapy.pharmacology import catalog

    rows = [
        (
            f"{model.id}\n{model.confidence_level.value} confidence",
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
    click.echo("\nDrawn when none is asked for, and what it is not good for there\n")
    used = [
        (
            f"{use.text} ({', '.join(drug.value for drug in use.drugs)})",
            f"{use.model}\n{use.confidence_level.value} confidence",
            use.why,
            " ".join(use.not_for),
        )
        for use in catalog.uses()
    ]
    click.echo(tabulate(used, headers=("use", "model", "why", "not good for"),
                        maxcolwidths=[32, None, 40, 32]))  # fmt: skip
    for entry in catalog.extensions():
        click.echo(f"\n{entry.id} ({entry.status.value}): {entry.title}.")
        click.echo(f"  applies to {', '.join(entry.extends)}. {entry.confidence}")


@click.command()
def effects() -> None:
    """List the effect models: how far each is trusted, on what it rests, and its limits.

    \b
    Example
      ketherapy effects
    """  # noqa: D301
    from ketherapy.pharmacology.effects import catalog

    for effect in catalog.effects():
        level = effect.confidence_level.value
        click.echo(f"\n{effect.id}: {effect.title}")
        click.echo(f"  asked as:   {', '.join(effect.asked)}")
        click.echo(f"  confidence: {level}. {effect.confidence} (status: {effect.status.value})")
        click.echo(f"  drugs:      {', '.join(drug.value for drug in effect.drugs)}")
        click.echo(f"  levels:     {_levels(effect.site)}")
        for name, output in effect.outputs.items():
            click.echo(f"  gives:      {name} ({output.unit}), {output.name}")
        for name, setting in effect.settings.items():
            click.echo(f"  setting:    {name}: {setting.text}")
        for line in effect.limits:
            click.echo(f"  limit:      {line}")
        for line in effect.not_for:
            click.echo(f"  not for:    {line}")


def _levels(site: str) -> str:
    return "sampling site not stated" if site == "not stated" else f"fitted to {site} ones"


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
