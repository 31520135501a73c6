import pytest

from tests.health import packaging
from tests.health.tree import ROOT, expect_none

PROJECT = """
[project]
version = "1.0"
dependencies = [
    "numpy>=2",  # arrays
]
[project.optional-dependencies]
build = [
    "hatchling",  # installs
]
plot = []
clinic = []
[tool.ruff.lint]
select = [
    "E",
]
"""
LOCK = (
    "numpy==2.1 \\\n    --hash=sha256:00\nhatchling==1.0 \\\n    --hash=sha256:00\n    # via us\n"
)


def test_every_dependency_says_what_it_is_for():
    expect_none(packaging.unexplained_dependencies(ROOT))


def test_every_locked_requirement_is_one_version_with_its_hash():
    expect_none(packaging.loose_locks(ROOT))


def test_the_locks_hold_what_the_project_declares():
    expect_none(packaging.stale_locks(ROOT))


def test_all_locks_pin_the_same_versions():
    expect_none(packaging.disagreeing_locks(ROOT))


def test_the_changelog_leads_with_this_version():
    expect_none(packaging.unannounced_version(ROOT))


@pytest.fixture
def project(plant):
    plant("CHANGELOG.md", "# Changes\n\n## [Unreleased]\n")
    plant("requirements-bench.lock", LOCK)
    plant("requirements-dev.lock", LOCK)
    plant("requirements.lock", LOCK)
    return plant("pyproject.toml", PROJECT)


CHECKS = {
    packaging.unexplained_dependencies,
    packaging.loose_locks,
    packaging.stale_locks,
    packaging.disagreeing_locks,
    packaging.unannounced_version,
}


@pytest.mark.parametrize("check", sorted(CHECKS, key=lambda check: check.__name__))
def test_a_sound_project_has_no_fault(project, check):
    assert check(project) == []


@pytest.mark.parametrize(
    ("check", "name", "words", "by"),
    [
        (packaging.unexplained_dependencies, "pyproject.toml", "  # arrays", ""),
        (packaging.unexplained_dependencies, "pyproject.toml", "  # installs", ""),
        (
            packaging.loose_locks,
            "requirements.lock",
            "numpy==2.1 \\\n    --hash=sha256:00",
            "numpy==2.1",
        ),
        (packaging.loose_locks, "requirements.lock", "numpy==2.1", "numpy @ https://a.org/n"),
        (packaging.stale_locks, "pyproject.toml", "numpy>=2", "numpy>=3"),
        (packaging.disagreeing_locks, "requirements-dev.lock", "numpy==2.1", "numpy==2.2"),
        (packaging.disagreeing_locks, "requirements-bench.lock", "numpy==2.1", "numpy==2.2"),
        (packaging.unannounced_version, "CHANGELOG.md", "Unreleased", "0.9"),
    ],
)
def test_a_planted_fault_is_found(project, check, name, words, by):
    path = project / name
    assert words in path.read_text()
    path.write_text(path.read_text().replace(words, by))
    assert check(project)


def test_a_dependency_that_is_not_locked_is_found(project):
    (project / "requirements.lock").write_text(LOCK.replace("hatchling", "hatch"))
    (fault,) = packaging.stale_locks(project)
    assert "'hatchling'" in fault
