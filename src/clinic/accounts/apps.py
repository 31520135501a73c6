"""The accounts as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Clinics, their staff and what each role may do."""

    name = "clinic.accounts"
    label = "accounts"
    verbose_name = "Accounts"
