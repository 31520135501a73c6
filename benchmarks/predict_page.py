"""The predict page under 200 distinct random regimens: the whole request, warm, as HTMX asks it.

Runs the real application in this process (view, engine, bands, drawing, tables) without the
network, on a throw-away database, after the same warming that the server does at its start. Prints
the median, the 95th percentile, and how many functions were compiled while serving (none, or a new
regimen would wait for the compiler).
"""

from __future__ import annotations

import logging
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from urllib.parse import urlencode

REQUESTS, SEED = 200, 7


class _Compilations(logging.Handler):
    """Counts what JAX compiles."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count one message of a finished compilation."""
        self.count += "Finished XLA compilation" in record.getMessage()


def regimens(rng: random.Random) -> Iterator[dict[str, object]]:
    """Yield random regimens over every drug and route that a model describes."""
    while True:
        drug, route = rng.choice(
            [
                ("ketamine", "iv"),
                ("esketamine", "iv"),
                ("arketamine", "iv"),
                ("esketamine", "intranasal"),
                ("esketamine", "oral"),
                ("esketamine", "sublingual"),
            ]
        )
        per_kg, minutes = f"{rng.uniform(0.1, 1.0):.3f} mg/kg", f"{rng.randint(5, 180)} min"
        sprays = f"{28 * rng.randint(1, 3)} mg"
        dose = {"iv": per_kg, "intranasal": sprays}.get(route, f"{rng.randint(20, 120)} mg")
        yield {
            "drug": drug,
            "route": route,
            "dose": dose,
            "over": minutes if route == "iv" else "",
            "weight": f"{rng.uniform(45, 130):.1f} kg",
            "until": rng.choice(["10 min", "45 min", "6 h", "8 h", "24 h", "30 day", "60 day"]),
            "show": ["total", "S", "R", "norketamine", "measured"],
        }


def main() -> None:
    """Serve the requests and print what they took."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.config.settings.test"
    with tempfile.TemporaryDirectory() as home:
        os.environ["KETHERAPY_HOME"] = home
        times, compiled = _measured()
    times.sort()
    p95 = times[int(0.95 * len(times)) - 1]
    print(
        f"{len(times)} distinct regimens: median {statistics.median(times) * 1e3:.0f} ms, "
        f"95 % under {p95 * 1e3:.0f} ms, slowest {times[-1] * 1e3:.0f} ms, "
        f"{compiled} compilations while serving"
    )


def _measured() -> tuple[list[float], int]:
    import django

    django.setup()
    import jax
    from django.test import RequestFactory
    from django.test.utils import setup_test_environment

    from clinic.explore import predictions
    from clinic.web import predict

    setup_test_environment()
    predictions.warm()
    counter = _Compilations()
    logging.getLogger("jax").addHandler(counter)
    logging.getLogger("jax").propagate = False
    jax.config.update("jax_log_compiles", True)
    times, make = [], RequestFactory()
    view = predict.predict.__wrapped__  # the view itself: signing in is not what is timed
    for _, entries in zip(range(REQUESTS), regimens(random.Random(SEED)), strict=False):
        request = make.get(f"/predict/?{urlencode(entries, doseq=True)}", HTTP_HX_REQUEST="true")
        begun = time.perf_counter()
        response = view(request)
        times.append(time.perf_counter() - begun)
        if response.status_code != 200:
            raise SystemExit(f"{entries}: {response.status_code}\n{response.content.decode()}")
    return times, counter.count


if __name__ == "__main__":
    main()
