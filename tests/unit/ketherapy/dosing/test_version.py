"""Files of rules: named after their ids, known by their bytes, stale in time."""

import hashlib
from datetime import UTC, date, datetime

import pytest

from ketherapy.dosing.version import AbstractVersion, read_version, used
from ketherapy.errors import DataFileError
from ketherapy.records import check

ENTRIES = {
    "id": "us_x_2026_01", "title": "T", "jurisdiction": "US", "since": date(2026, 1, 1),
    "stale_after": date(2026, 6, 30), "source": "ketherapy", "status": "verified", "sha256": "0",
}  # fmt: skip
TEXT = """
id = "us_x_2026_01"
title = "T"
jurisdiction = "US"
since = 2026-01-01
stale_after = 2026-06-30
source = "ketherapy"
status = "verified"
"""


def version(**changes):
    return check(AbstractVersion, ENTRIES | changes, where="v")


def read(folder, text, name="us_x_2026_01"):
    path = folder / "rules" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return read_version(AbstractVersion, path)


def test_the_hash_of_a_version_is_that_of_its_bytes(tmp_path):
    one = read(tmp_path, TEXT)
    assert one.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert one == version(sha256=one.sha256)
    assert read(tmp_path, TEXT + "\n").sha256 != one.sha256


@pytest.mark.parametrize(
    ("text", "name", "got"),
    [
        (TEXT, "us_y_2026_01", "'us_x_2026_01'"),
        (TEXT.replace('id = "us_x_2026_01"\n', ""), "us_x_2026_01", "nothing"),
        (TEXT.replace('title = "T"', 'sha256 = "0"'), "us_x_2026_01", "'us_x_2026_01'"),
    ],
)
def test_a_file_is_named_after_its_id_and_has_no_hash_of_its_own(tmp_path, text, name, got):
    with pytest.raises(DataFileError) as caught:
        read(tmp_path, text, name)
    said = str(caught.value)
    assert f"rules/{name}.toml: expected an id that is the file's name, and no hash" in said
    assert f"got {got}. Name the file after its id; the hash is computed." in said


def test_a_fault_is_named_by_file_and_key(tmp_path):
    with pytest.raises(DataFileError, match=r"rules/us_x_2026_01.toml, jurisdiction"):
        read(tmp_path, TEXT.replace('"US"', '"Mars"'))


def test_it_goes_stale_the_day_after_its_last_or_at_once():
    one = version()
    assert [one.is_stale(date(2026, 6, day)) for day in (29, 30)] == [False, False]
    assert one.is_stale(date(2026, 7, 1))
    assert version(check_against="the current label").is_stale(date(2026, 1, 1))


@pytest.mark.parametrize("last", [date(2025, 12, 31), date(2026, 1, 1)])
def test_it_goes_stale_after_it_begins(last):
    with pytest.raises(DataFileError, match="goes stale after it begins"):
        version(stale_after=last)
    assert version(stale_after=date(2026, 1, 2))


def test_a_decision_names_it_with_its_hash_and_whether_it_is_stale_then():
    one = version(sha256="abc", jurisdiction="CH")
    named = used(one, datetime(2026, 6, 30, 23, 59, tzinfo=UTC))
    assert (named.id, named.sha256, named.jurisdiction) == ("us_x_2026_01", "abc", "CH")
    assert (named.stale_after, named.is_stale) == (date(2026, 6, 30), False)
    assert named.check_against == ""
    assert used(one, datetime(2026, 7, 1, tzinfo=UTC)).is_stale
    label = used(version(check_against="the current label"), datetime(2026, 1, 1, tzinfo=UTC))
    assert (label.is_stale, label.check_against) == (True, "the current label")
