"""Prepare the practice clinic: ``python -m clinic manage practice``."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.accounts import practice


class Command(BaseCommand):
    """Create the practice clinic and its staff where they are lacking; print the sign-ins."""

    help = "Create the practice clinic and its staff where they are lacking; print the sign-ins."

    def handle(self, *_args: str, **_options: object) -> None:
        """Print one line for each way to sign in."""
        if not settings.PRACTICE:
            raise CommandError("the practice clinic exists only where the practice server runs")
        for one in practice.prepare(Path(settings.KETHERAPY_HOME)):
            new = "  (new password)" if one.is_new else ""
            self.stdout.write(f"{one.username:<12}{one.password}{new}")
