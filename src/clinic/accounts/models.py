"""Clinics and the people who work in them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from clinic.accounts.roles import LABELS, Role
from clinic.audit.field_classes import FieldClass


class Clinic(models.Model):
    """One clinic; nothing of one is visible to another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    is_practice = models.BooleanField(default=False)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": FieldClass.OPERATIONAL,
        "name": FieldClass.OPERATIONAL,
        "is_practice": FieldClass.OPERATIONAL,
    }

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["is_practice"], condition=Q(is_practice=True), name="clinic_one_practice"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="clinic_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"clinic {self.pk}"


class Staff(AbstractBaseUser):
    """A member of staff: one person, one clinic, one role, one sign-in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="staff")
    clinic_id: uuid.UUID
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=32, choices=[(role.value, LABELS[role]) for role in Role])

    objects = BaseUserManager["Staff"]()

    USERNAME_FIELD = "username"

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": FieldClass.OPERATIONAL,
        "clinic": FieldClass.OPERATIONAL,
        "username": FieldClass.IDENTIFYING,
        "name": FieldClass.IDENTIFYING,
        "role": FieldClass.OPERATIONAL,
        "password": FieldClass.OPERATIONAL,
        "last_login": FieldClass.OPERATIONAL,
    }

    class Meta:
        verbose_name_plural = "staff"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="staff_known_role"
            ),
            models.CheckConstraint(condition=~Q(username="") & ~Q(name=""), name="staff_has_names"),
        ]

    def __str__(self) -> str:
        return f"staff {self.pk}"

    @property
    def role_label(self) -> str:
        """Return the role as screens say it."""
        return LABELS[Role(self.role)]
