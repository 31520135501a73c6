"""What every test shares: checked types, the web application, how hard Hypothesis tries."""

import os
from pathlib import Path

import django
import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

from clinic.config.engine import keep_compiled
from tests.checked import checked
from tests.places import REMEDY, astray

# What one process has compiled, every other reads, servers that tests start among them: the same
# code runs, but one size of the engine takes two seconds to compile and a fifth of one to read.
# Of small operations there are thousands, so here they are kept as well.
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
keep_compiled(Path(__file__).parents[1] / "build", os.environ)

# From here on ketherapy is imported with its types and array shapes checked at run time. Django
# imports it, so Django is set up afterwards, here rather than by an option of pytest-django.
install_import_hook("ketherapy", f"{checked.__module__}.checked")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.test")
django.setup()

# Time limits on one example measure the machine, not the code.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, print_blob=True)
settings.register_profile("soak", deadline=None, print_blob=True, max_examples=20_000)
settings.load_profile("dev")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database, so that nothing misses its run on PostgreSQL or in Chromium."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}:
            item.add_marker("database")
    if lost := astray(items):
        raise pytest.UsageError(f"Tests: {REMEDY}, got {', '.join(lost)}. Move them there.")
