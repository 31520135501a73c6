"""The session that counts as one where mood is driven: its area of receptor block."""

from __future__ import annotations

from dataclasses import replace

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog as models
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.compartments import Array
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Reference
from ketherapy.pharmacology.effects.structures import ReceptorBlock
from ketherapy.regimen import Dose, Regimen
from ketherapy.simulation import domain
from ketherapy.simulation.effects import courses
from ketherapy.simulation.effects.conventions import typical_weight
from ketherapy.simulation.effects.upstream import upstream


def reference_area(model: PublishedModel, person: Person, *, block: ReceptorBlock) -> Array:
    """Return the area of block over the reference session: one that counts as one.

    In the same model where it describes racemic ketamine by vein, else in the model drawn for
    that; in a typical person of the weight of ``person``, of whom nothing else is asked: what
    else is known of a person changes the session and not what counts as one.

    Units   h
    Source  ketherapy
    Errors  ContractError where mood has no reference session
    """
    reference = catalog.effect("mood").reference
    if reference is None:
        raise ContractError(
            "mood", expected="a reference session", got=None, remedy="Restore it in mood.toml."
        )
    weight = typical_weight() if person.weight is None else person.weight
    session = upstream(
        _serving(model, reference), _session(reference), person=Person(weight=weight),
        times=weight / typical_weight(),
    )  # fmt: skip
    return courses.session_area(session, block=block)


def _serving(model: PublishedModel, reference: Reference) -> PublishedModel:
    if domain.fits(model, reference.drug, reference.route):
        return model
    return models.published(models.defaults(reference.drug, reference.route)[0])


def _session(reference: Reference) -> Regimen:
    """Return the reference session of a person of typical weight."""
    per_kg = units.convert(reference.amount.value, reference.amount.unit, to="mg/kg")
    dose = Dose.per_kg(per_kg, weight=typical_weight(), drug=reference.drug, route=reference.route)
    over = units.convert(reference.over.value, reference.over.unit, to="h")
    return Regimen.of(replace(dose, over=over))
