"""What makes each virtual person differ: deviations, errors of measurement, uncertain estimates.

Variability is how people and occasions differ and stays however much is known; uncertainty is how
little is known of the typical values and shrinks with data. They are drawn apart, from streams of
their own, and are never added up here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog, portable
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.observations import molar_mass
from ketherapy.pharmacology.variability import Level, Residual, Scale, Variability
from ketherapy.simulation import draws
from ketherapy.simulation.draws import Stream
from ketherapy.sources import ErrorScale, StandardError, Status

_STREAMS = {Level.SUBJECT: Stream.SUBJECT, Level.OCCASION: Stream.OCCASION}


@dataclass(frozen=True, kw_only=True, slots=True)
class AssumedVariability:
    """Variability that somebody assumes for a model that prints none; its label says who and why.

    Each parameter varies between people on the log scale, independently of the others.
    """

    label: str
    cv: Mapping[str, float]  # [%] by parameter as the model prints it

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ContractError(
                "label of an assumption", expected="who assumes it and why", got=self.label,
                remedy="Say so: it is shown with every result.",
            )  # fmt: skip
        for name, cv in self.cv.items():
            if not (math.isfinite(cv) and cv > 0.0):
                raise ContractError(
                    f"assumed CV of {name} [%]", expected="more than zero", got=cv,
                    remedy="Leave out a parameter that does not vary.",
                )  # fmt: skip

    def on(self, model: PublishedModel) -> PublishedModel:
        """Return ``model`` with this assumption in place of the variability it does not print.

        Simulate with the model returned: its results name the assumption.

        Errors  ContractError where the model prints variability, or has no such parameter
        """
        if model.variability:
            raise ContractError(
                f"variability of {model.id}", expected="no assumption, because it is published",
                got=self.label, remedy="Use the published one.",
            )  # fmt: skip
        if unknown := sorted(set(self.cv) - set(model.printed)):
            raise ContractError(
                f"assumed variability of {model.id}", got=", ".join(unknown),
                expected=f"parameters among {', '.join(model.printed)}", remedy="Correct them.",
            )  # fmt: skip
        blocks = tuple(self._block(name, cv) for name, cv in self.cv.items())
        return replace(model, variability=blocks, assumed=self.label)

    def _block(self, name: str, cv: float) -> Variability:
        return Variability(
            parameters=(name,),
            level=Level.SUBJECT,
            scale=Scale.LOG,
            cv=cv,
            unit="%",
            locator=f"assumed, not published: {self.label}",
            status=Status.CONVENTION,
            source="ketherapy",
        )


def deviations(
    model: PublishedModel,
    *,
    first: int,
    count: int,
    seed: int,
    occasion: int = 1,
    assumed: AssumedVariability | None = None,
) -> dict[str, Float[np.ndarray, " patient"]]:
    """Return the deviation of each parameter, between-subject and between-occasion added.

    Empty where the model records no variability and none is assumed. A person keeps the
    between-subject part through all occasions, which count from 1.

    Units   1
    Source  the model's file
    """
    if occasion < 1:
        raise ContractError("occasion", expected="1, 2, 3 …", got=occasion, remedy="Count from 1.")
    blocks = (assumed.on(model) if assumed else model).variability
    found: dict[str, np.ndarray] = {}
    for level, stream in _STREAMS.items():
        own = [block for block in blocks if block.level is level]
        width = sum(len(block.parameters) for block in own)
        if not own:
            continue
        place = stream.of(occasion) if level is Level.OCCASION else stream.of()
        normal = draws.normals(seed, stream=place, first=first, count=count, width=width)
        for name, values in _correlated(own, normal):
            found[name] = found.get(name, 0.0) + values
    return found


def _correlated(
    blocks: list[Variability], normal: np.ndarray
) -> list[tuple[str, Float[np.ndarray, " patient"]]]:
    found, place = [], 0
    for block in blocks:
        size = len(block.parameters)
        own, root = normal[:, place : place + size], lower_root(block.omega2())
        place += size
        for row, name in enumerate(block.parameters):
            # summed in this order and not by a matrix product, whose order is the library's
            values = own[:, 0] * root[row, 0]
            for column in range(1, row + 1):
                values = values + own[:, column] * root[row, column]
            found.append((name, values))
    return found


def lower_root(omega2: Float[np.ndarray, "n n"]) -> Float[np.ndarray, "n n"]:
    """Return the lower triangular root of a covariance (Cholesky), in a fixed order of steps.

    Units   1
    Source  ketherapy
    Errors  ContractError where ``omega2`` is not a covariance
    """
    n = len(omega2)
    root = np.zeros((n, n))
    for row in range(n):
        for column in range(row + 1):
            rest = float(omega2[row, column])
            for k in range(column):
                rest = rest - float(root[row, k]) * float(root[column, k])
            root[row, column] = _pivot(rest) if row == column else rest / root[column, column]
    return root


def _pivot(rest: float) -> float:
    if not rest > 0.0:
        raise ContractError(
            "covariance", expected="one in which no deviation follows wholly from the others",
            got=rest, remedy="Compare the block with its source.",
        )  # fmt: skip
    return math.sqrt(rest)


def residual(
    model: PublishedModel,
    levels: Mapping[str, Float[np.ndarray, "patient time"]],
    *,
    first: int,
    seed: int,
    occasion: int = 1,
) -> dict[str, Float[np.ndarray, "patient time"]]:
    """Return ``levels`` as they would be measured: with the residual error that is published.

    ``levels`` are by analyte. An analyte whose error the model does not print is left out, as is
    a total of enantiomers. Where an additive error is printed, a low level can come out below
    zero, as it would in the fit.

    Units   mg/L
    Source  the model's file
    """
    found = {}
    for place, (role, error) in enumerate(sorted(model.residual.items())):
        analyte = model.analytes[role]
        if analyte not in levels:
            continue
        level = levels[analyte]
        count, times = level.shape
        stream = Stream.RESIDUAL.of(occasion, place)
        drawn = draws.uniforms(seed, stream=stream, first=first, count=count, width=2 * times)
        found[analyte] = _measured(level, error, drawn[:, 0::2], drawn[:, 1::2], analyte)
    return found


def measurable(model: PublishedModel) -> tuple[str, ...]:
    """Return the analytes whose residual error the model prints."""
    parts = ("proportional", "additive", "log")
    return tuple(
        model.analytes[role]
        for role, error in model.residual.items()
        if any(getattr(error, part) is not None for part in parts)
    )


def _measured(
    level: np.ndarray, error: Residual, one: np.ndarray, other: np.ndarray, analyte: str
) -> np.ndarray:
    if error.log is not None:
        level = level * portable.exp(error.log.meant * draws.normal(one))
    if error.proportional is not None:
        level = level * (1.0 + error.proportional.meant * draws.normal(one))
    if error.additive is not None:
        size = _concentration(error.additive.meant, error.additive.unit, analyte)
        level = level + size * draws.normal(other)
    return level


def _concentration(value: float, unit: str, analyte: str) -> float:
    if units.same_kind(unit, "nmol/mL"):
        # nmol/mL times g/mol is ng/mL, which is ug/L
        return units.convert(
            units.convert(value, unit, to="nmol/mL") * molar_mass(analyte), "ng/mL", to="mg/L"
        )
    return units.convert(value, unit, to="mg/L")


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimates:
    """One draw of the typical values from how well they are known.

    A parameter is in one of three groups: it has a printed standard error, it was fixed by the
    authors, or nothing is printed and its uncertainty is not known.
    """

    values: dict[str, float]  # in canonical units, as ``catalog.typical`` gives them
    drawn: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    text: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self._said())

    def _said(self) -> str:
        said = ["Uncertainty of the typical values"]
        if self.drawn:
            said.append(
                f"drawn from the printed standard errors of {', '.join(self.drawn)},"
                " independently because no correlations are recorded"
            )
        if self.fixed:
            said.append(f"none for {', '.join(self.fixed)}, which the authors fixed")
        if self.unknown:
            said.append(f"not known and not drawn for {', '.join(self.unknown)}")
        return f"{said[0]}: {'; '.join(said[1:])}."


def estimates(model: PublishedModel, *, draw: int, seed: int) -> Estimates:
    """Return draw number ``draw``, counted from 0, of the typical values of ``model``.

    A drawn value is log-normal: its median is the printed value, its CV the printed standard
    error over the value. So it stays above zero also where the error is large. Uncertainty of
    variances and of exponents is not drawn.

    Units   L, L/h, 1/h, h, 1 or L/kg
    Source  the model's file; that the distribution is log-normal is a convention of ketherapy
    """
    values = catalog.typical(model)
    errors = {name: number.standard_error for name, number in model.printed.items()}
    normal = draws.normals(
        seed, stream=Stream.ESTIMATES.of(), first=draw, count=1, width=len(errors)
    )[0]
    groups: dict[str, list[str]] = {"drawn": [], "fixed": [], "unknown": []}
    for (name, error), z in zip(errors.items(), normal, strict=True):
        groups[_group(error)].append(name)
        if error is not None:
            cv = relative(error, model.printed[name].meant)
            spread = math.sqrt(float(portable.log(1.0 + cv * cv)))
            values[name] = values[name] * float(portable.exp(spread * z))
    return Estimates(values=values, **{name: tuple(own) for name, own in groups.items()})


def _group(error: StandardError | None) -> str:
    if error is None:
        return "unknown"
    return "fixed" if error.scale is ErrorScale.FIXED else "drawn"


def relative(error: StandardError, value: float) -> float:
    """Return a standard error as a fraction of ``value``, in whose unit an absolute one is.

    Units   1
    Source  ketherapy
    """
    match error.scale:
        case ErrorScale.ABSOLUTE:
            return error.value / value
        case ErrorScale.RELATIVE | ErrorScale.FIXED:
            return error.value
