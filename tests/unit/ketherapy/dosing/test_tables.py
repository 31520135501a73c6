"""The tables of a decision: all of them, each by its bytes."""

import hashlib
from pathlib import Path

from ketherapy import dosing
from ketherapy.dosing.tables import tables

DATA = Path(str(dosing.__file__)).parent / "data"
# what no decision looks at: how a visit is read, and the lists of what is not shipped
OTHER = {"monitoring.toml", "not_protocols.toml", "not_rules.toml"}


def test_every_table_beside_the_packs_is_one_or_is_said_not_to_be():
    assert {path.name for path in DATA.iterdir() if path.is_file()} == set(tables()) | OTHER


def test_each_is_known_by_its_bytes():
    for name, digest in tables().items():
        assert digest == hashlib.sha256((DATA / name).read_bytes()).hexdigest()
