from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import get_resolver, include, path

from clinic.accounts.gate import public, requires
from clinic.accounts.roles import Permission
from clinic.audit.field_classes import FieldClass
from tests.health import application
from tests.health.tree import expect_none


def page(request): ...


def guarded(request): ...


def test_every_route_declares_who_may_use_it():
    expect_none(application.open_routes(get_resolver().url_patterns))


def test_every_field_is_classified():
    expect_none(application.unclassified_fields(application.ours(apps.get_models())))


def test_there_are_routes_and_models_to_look_at():
    assert list(application.routes(get_resolver().url_patterns))
    assert application.ours(apps.get_models())


def test_an_undeclared_route_is_found():
    patterns = [path("a/", include([path("b/", page)]))]
    (fault,) = application.open_routes(patterns)
    assert fault.startswith("/a/b/:")


def test_a_declared_route_is_no_fault():
    needs = requires(next(iter(Permission)))(guarded)
    assert application.open_routes([path("a/", needs), path("b/", public(lambda r: None))]) == []


def test_an_unclassified_field_is_found():
    faults = application.unclassified_fields([Group])
    assert [fault.partition(":")[0] for fault in faults] == [
        "Group.id",
        "Group.name",
        "Group.permissions",
    ]


def test_a_class_without_a_field_is_found(monkeypatch):
    gone = dict.fromkeys(["id", "name", "permissions", "gone"], FieldClass.OPERATIONAL)
    monkeypatch.setattr(Group, "field_classes", gone, raising=False)
    (fault,) = application.unclassified_fields([Group])
    assert fault.startswith("Group.gone:")
