"""The type checker that ketherapy runs under in tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from beartype import beartype
from beartype.roar import BeartypeDecorHintNonpepException

Checked = TypeVar("Checked", bound=Callable[..., object])


def checked(function: Checked) -> Checked:
    """Return the function with its types checked at run time.

    beartype cannot read a ``TypeAdapter[...]`` of pydantic; a function that has one goes unchecked.
    """
    try:
        return beartype(function)
    except BeartypeDecorHintNonpepException as error:
        if "pydantic.type_adapter" in str(error):
            return function
        raise
