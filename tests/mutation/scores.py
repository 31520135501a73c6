"""The share of changes that the tests notice: stored as data, shown in the manual."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOURCE = ROOT / "src"
ROOMS = ("ketherapy.dosing", "ketherapy.instruments")
LEAST = 0.9
RESULTS = HERE / "results.csv"
UNNOTICEABLE = HERE / "unnoticeable.toml"
UNMEASURED = HERE / "unmeasured.txt"
PAGE = ROOT / "docs" / "explanation" / "how-the-rules-are-proved.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


@dataclass(frozen=True, kw_only=True)
class Score:
    """What the tests noticed of the changes of one module, or of one room."""

    module: str
    on: str  # day of the measurement
    tool: str
    mutants: int
    noticed: int
    unnoticeable: int  # listed, each with its reason

    @property
    def survived(self) -> int:
        """Return how many changes should have been noticed and were not."""
        return self.mutants - self.noticed - self.unnoticeable

    @property
    def share(self) -> float:
        """Return the mutation score: what was noticed of what can be."""
        return self.noticed / max(self.noticed + self.survived, 1)

    @property
    def is_enough(self) -> bool:
        """Return whether the share is the one promised."""
        return self.share >= LEAST

    def __str__(self) -> str:
        return (
            f"{self.module}: {self.share:.1%} noticed; {self.mutants} changes,"
            f" {self.unnoticeable} cannot be noticed, {self.survived} survived"
        )


def modules() -> dict[str, Path]:
    """Return every module of the rooms that are measured, by its dotted name."""
    paths = [path for room in ROOMS for path in (SOURCE / room.replace(".", "/")).rglob("*.py")]
    return {_dotted(path): path for path in sorted(paths)}


def _dotted(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def reasons() -> dict[tuple[object, ...], str]:
    """Return why each change that is listed cannot be noticed, by the change's name."""
    listed = tomllib.loads(UNNOTICEABLE.read_text(encoding="utf-8")).get("change", [])
    keys = ("module", "where", "line", "was", "becomes", "nth")
    return {tuple(entry[key] for key in keys): entry["why"] for entry in listed}


def stored() -> list[Score]:
    """Return the scores of the last measurement, in the order of their modules."""
    with RESULTS.open(encoding="utf-8", newline="") as file:
        return [_read(row) for row in csv.DictReader(file)]


def _read(row: dict[str, str]) -> Score:
    whole = ("mutants", "noticed", "unnoticeable")
    return Score(**{key: int(value) if key in whole else value for key, value in row.items()})


def unmeasured() -> set[str]:
    """Return the modules that are still to be measured; none is added to them."""
    return set(UNMEASURED.read_text(encoding="utf-8").split())


def store(scores: Iterable[Score]) -> None:
    """Write the scores, and the table of the manual with them; what has one is measured."""
    rows = sorted(scores, key=lambda score: score.module)
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Score)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(score) for score in rows)
    left = sorted(unmeasured() - {score.module for score in rows})
    UNMEASURED.write_text("".join(f"{name}\n" for name in left), encoding="utf-8", newline="\n")
    before, _, after = parts(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(f"{before}{BEGIN}{table(rows)}{END}{after}", encoding="utf-8", newline="\n")


def parts(page: str) -> tuple[str, str, str]:
    """Return the page before the table, the table, and the page after it."""
    before, _, rest = page.partition(BEGIN)
    shown, _, after = rest.partition(END)
    return before, shown, after


def rooms(scores: Iterable[Score]) -> list[Score]:
    """Return one score for each room: all changes of its modules together."""
    found = list(scores)
    return [_together(room, of) for room in ROOMS if (of := [s for s in found if _is_in(s, room)])]


def _is_in(score: Score, room: str) -> bool:
    return f"{score.module}.".startswith(f"{room}.")


def _together(room: str, scores: list[Score]) -> Score:
    return Score(
        module=room,
        on=min(score.on for score in scores),
        tool=max(score.tool for score in scores),
        mutants=sum(score.mutants for score in scores),
        noticed=sum(score.noticed for score in scores),
        unnoticeable=sum(score.unnoticeable for score in scores),
    )


def table(scores: Iterable[Score]) -> str:
    """Return the scores as a table of the manual: each room, then its modules."""
    found = list(scores)
    lines = ["| | Changes | Noticed | Cannot be noticed | Survived | Score | Measured |",
             "|---|--:|--:|--:|--:|--:|---|"]  # fmt: skip
    for room in rooms(found):
        lines.append(_row(room, "**"))
        lines += [_row(score, "") for score in found if _is_in(score, room.module)]
    return "\n".join(["", *lines, "", ""])


def _row(score: Score, mark: str) -> str:
    name = f"{mark}`{score.module.removeprefix('ketherapy.')}`{mark}"
    counts = f"{score.mutants} | {score.noticed} | {score.unnoticeable} | {score.survived}"
    return f"| {name} | {counts} | {mark}{score.share:.1%}{mark} | {score.on}, {score.tool} |"
