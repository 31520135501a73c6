"""What keeps the server from starting."""

from __future__ import annotations

from ketherapy.errors import ContractError


class CannotStart(ContractError):  # noqa: N818  it is told to a person, as a sentence
    """Something outside the program is not as it must be; the message is one clear sentence."""
