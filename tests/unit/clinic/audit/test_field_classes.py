from __future__ import annotations

import pytest
from django.apps import apps

from clinic.audit.field_classes import FieldClass

OURS = [model for model in apps.get_models() if model.__module__.startswith("clinic.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_field_of_a_model_has_a_class(model):
    fields = {field.name for field in model._meta.concrete_fields}
    assert set(model.field_classes) == fields, f"classify each field of {model.__name__}"
    assert all(isinstance(one, FieldClass) for one in model.field_classes.values())
