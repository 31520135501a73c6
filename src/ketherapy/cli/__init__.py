"""The command line: ``ketherapy simulate | compare | population | models`` and the others."""

from __future__ import annotations

import click

from ketherapy import __version__
from ketherapy.cli.calibrate import calibrate
from ketherapy.cli.catalogue import cite, effects, models
from ketherapy.cli.compare import compare
from ketherapy.cli.compare_mechanisms import compare_mechanisms
from ketherapy.cli.completion import completion
from ketherapy.cli.evidence import evidence
from ketherapy.cli.instrument import instrument
from ketherapy.cli.output import Sentence
from ketherapy.cli.population import population
from ketherapy.cli.protocol import protocol
from ketherapy.cli.screen import check_dose, replay, screen
from ketherapy.cli.simulate import simulate
from ketherapy.cli.trial import trial
from ketherapy.errors import ContractError, KetherapyError

__all__ = ["main"]


class _Group(click.Group):
    """A group that turns our own errors into sentences."""

    def invoke(self, ctx: click.Context) -> object:
        """Return what the command returns.

        Errors  click's own, with exit code 2, in place of a KetherapyError
        """
        try:
            return super().invoke(ctx)
        except ContractError as error:
            raise Sentence(str(error)) from error
        except KetherapyError as error:  # ours to mend, not the user's
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ketherapy")
def main() -> None:
    """Ketamine therapy as working software: cited models, exact simulation.

    \b
    Examples
      ketherapy models
      ketherapy simulate --drug ketamine --route iv --dose "0.5 mg/kg" \\
                --over "40 min" --weight "71 kg"
      ketherapy population --drug esketamine --route iv --dose "20 mg" --over "40 min" \\
                --weight "71 kg" --n 1000 --seed 1
      ketherapy trial murrough2013 --replicates 500
      ketherapy protocol show iv_crps_2026_01
      ketherapy evidence pool esketamine_response_month
      ketherapy instrument score phq9 1 1 1 2 2 3 3 3 0
      ketherapy cite otto2021_iv
    """  # noqa: D301


COMMANDS = (
    simulate, compare, compare_mechanisms, population, trial, protocol, calibrate, models, effects,
    evidence, screen, check_dose, replay, instrument, cite, completion,
)  # fmt: skip

for command in COMMANDS:
    main.add_command(command)
