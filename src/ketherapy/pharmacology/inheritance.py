"""A model file that builds on another: what it inherits, and how that stays attributed.

A construction adds absorption numbers of its own to the disposition that somebody published. What
it inherits keeps the source and the status of the file it came from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

Table = Mapping[str, object]

INHERITED = ("drug", "parameterisation", "matrix", "site", "analytes", "residual")


def whole(own: Table, base: Table, *, parameters: Collection[str]) -> dict[str, object]:
    """Return the table of a model file with what it inherits from ``base``.

    Of the printed numbers, covariates and variability only those of ``parameters`` are inherited;
    whatever the file says itself stands.
    """
    source, status = base.get("source"), base.get("status")
    stamped = {key: _stamped(value, source, status) for key, value in base.items()}
    found = {key: stamped[key] for key in INHERITED if key in stamped}
    printed = {k: v for k, v in _table(stamped.get("printed")).items() if k in parameters}
    found |= own
    found["printed"] = {**printed, **_table(own.get("printed"))}
    for key in ("covariates", "variability"):
        blocks = [_kept(block, parameters) for block in _list(stamped.get(key))]
        found[key] = [b for b in blocks if b.get("parameters")] + _list(own.get(key))
    analytes = _table(found.get("analytes"))
    residual = _table(found.get("residual"))
    found["residual"] = {role: error for role, error in residual.items() if role in analytes}
    return found


def _stamped(entry: object, source: object, status: object) -> object:
    """Return ``entry`` with source and status on each number that leaves them to its file."""
    if isinstance(entry, list):
        return [_stamped(inner, source, status) for inner in entry]
    if not isinstance(entry, Mapping):
        return entry
    found = {key: _stamped(inner, source, status) for key, inner in entry.items()}
    is_number = "locator" in entry and "unit" in entry
    return {"source": source, "status": status, **found} if is_number else found


def _kept(block: object, parameters: Collection[str]) -> dict[str, object]:
    """Return a block with its named parameters reduced to those that exist."""
    entries = _table(block)
    named = [name for name in _list(entries.get("parameters")) if name in parameters]
    return {**entries, "parameters": named}


def _table(entry: object) -> dict[str, object]:
    return dict(entry) if isinstance(entry, Mapping) else {}


def _list(entry: object) -> list[object]:
    return list(entry) if isinstance(entry, list) else []
