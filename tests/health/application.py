"""What the web application must declare: who may use a route, what kind of thing a field is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Model
from django.urls import URLPattern, URLResolver

from clinic.accounts.gate import PUBLIC, declared
from clinic.accounts.roles import Permission
from clinic.audit.field_classes import FieldClass

Route = URLPattern | URLResolver


def routes(patterns: Iterable[Route], prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Give every route with its whole address."""
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        else:
            yield address, pattern


def open_routes(patterns: Iterable[Route]) -> list[str]:
    """Return the routes that declare neither a permission nor that they are public."""
    return [
        f"{address}: expected a declared permission, got none. Put @requires(Permission.X) or"
        " @public on the view."
        for address, route in routes(patterns)
        if not _declares(getattr(route.callback, "view_class", route.callback))
    ]


def _declares(view: object) -> bool:
    permission = declared(view)
    return isinstance(permission, Permission) or permission == PUBLIC


def ours(models: Iterable[type[Model]]) -> list[type[Model]]:
    """Return the models of the clinic's own apps."""
    return [model for model in models if model.__module__.startswith("clinic.")]


def unclassified_fields(models: Iterable[type[Model]]) -> list[str]:
    """Return the fields without a class, and the classes without a field."""
    return [
        f"{model.__name__}.{field}: expected one field and one class for it, got only one of the"
        " two. Name it in field_classes as identifying, clinical or operational."
        for model in models
        for field in sorted(_fields(model) ^ _classified(model))
    ]


def _fields(model: type[Model]) -> set[str]:
    return {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}


def _classified(model: type[Model]) -> set[str]:
    classes = getattr(model, "field_classes", {})
    return {name for name, given in classes.items() if isinstance(given, FieldClass)}
