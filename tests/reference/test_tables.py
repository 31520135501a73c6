"""Every row of the clinical tables ships, or is said not to and why.

The tables hold the ids alone, and how well each row is known. A row that nobody has read in a
source is off until a clinic adopts it.
"""

import csv
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from ketherapy.dosing.interactions import interaction_packs
from ketherapy.dosing.protocol import not_shipped, protocols
from ketherapy.dosing.rulebook import not_rules, packs

TABLES = Path(__file__).parent / "rules"
SRC, NOT_RULES = Path(__file__).parents[2] / "src" / "ketherapy", "not_rules.toml"
NOT_CODES = SRC.parents[1] / "docs" / "reference_pages" / "not_codes.toml"
ROW = len("CI-001")


def rows(table):
    with (TABLES / f"{table}.csv").open(newline="", encoding="utf-8") as found:
        return {row["row"]: row["status"] for row in csv.DictReader(found)}


def by_row():
    found = defaultdict(list)
    for pack in packs().values():
        for rule in pack.rule:
            found[rule.id[:ROW]].append((pack, rule))
    return found


RULES = by_row()


@pytest.mark.parametrize("row", rows("contraindications"))
def test_a_row_of_contraindications_or_work_up_is_a_rule(row):
    assert RULES[row]


@pytest.mark.parametrize(
    "row", [row for row, status in rows("contraindications").items() if status == "recalled"]
)
def test_a_row_that_nobody_has_read_is_off_until_it_is_adopted(row):
    assert all(pack.needs_adoption(rule) for pack, rule in RULES[row])


def test_a_row_of_protocols_is_a_protocol_or_a_rule_or_is_said_to_be_none():
    shipped = {row for protocol in protocols() for row in protocol.rules}
    said = {row.id for row in not_shipped()}
    assert set(rows("protocols")) <= shipped | said | set(RULES)


def test_a_row_of_interactions_is_shipped():
    packed = interaction_packs().values()
    assert set(rows("interactions")) <= {row.row for pack in packed for row in pack.interaction}


def test_a_row_of_adverse_events_is_somewhere_or_is_said_to_be_nowhere():
    """A frequency stands with the predictions; thresholds, follow-up and grades with the rules."""
    said = {part.row for part in not_rules()}
    data = (path for path in SRC.rglob("*") if path.suffix in (".toml", ".csv"))
    text = "".join(path.read_text(encoding="utf-8") for path in data if path.name != NOT_RULES)
    assert [row for row in rows("adverse_events") if row not in text and row not in said] == []


def test_a_row_of_codes_stands_with_what_it_is_a_code_of_or_is_said_to_ship_nowhere():
    groups = tomllib.loads(NOT_CODES.read_text(encoding="utf-8"))["group"]
    said = [row for group in groups for row in group["rows"]]
    data = (path for path in SRC.rglob("data/**/*") if path.suffix in (".toml", ".csv"))
    text = "".join(path.read_text(encoding="utf-8") for path in data)
    ships = {row for row in rows("codes") if all(one in text for one in codes_of(row))}
    assert set(rows("codes")) - ships <= set(said)
    assert sorted(set(said)) == sorted(said)
    assert set(said) <= set(rows("codes"))


def codes_of(row):
    """Return the codes of a row that name something: a short one stands in any text by chance."""
    codes = row.rpartition(" ")[2] if ";" not in row else row.partition(" ")[2]
    return [one if len(one.strip()) > len("6130") else f",{one}," for one in codes.split("; ")]


def test_a_part_that_is_no_rule_is_of_a_row_that_ships_or_of_an_event():
    assert {part.row for part in not_rules()} <= set(RULES) | set(rows("adverse_events"))
    assert all(part.what and part.why.endswith(".") for part in not_rules())
