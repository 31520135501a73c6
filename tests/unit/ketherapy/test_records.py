"""Records: what is wrong in one of our own files is refused, named by path and key."""

from dataclasses import FrozenInstanceError

import pytest
from pydantic.dataclasses import dataclass

from ketherapy import records
from ketherapy.errors import DataFileError


@dataclass(frozen=True, kw_only=True, config=records.RECORD)
class Thing:
    """A record of these tests."""

    name: str
    value: float
    note: str | None = None


@pytest.fixture
def written(tmp_path):
    def write(text, name="thing.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_table_becomes_a_record(written):
    path = written('name = "a"\nvalue = 1.5\n')
    assert records.load(Thing, path) == Thing(name="a", value=1.5)


def test_a_record_cannot_be_changed(written):
    thing = records.load(Thing, written('name = "a"\nvalue = 1.5\n'))
    with pytest.raises(FrozenInstanceError):
        thing.value = 2.0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param('name = "a"\n', "value", id="a missing key"),
        pytest.param('name = "a"\nvalue = 1\nvolume = 2\n', "volume", id="an unknown key"),
        pytest.param('name = "a"\nvalue = "much"\n', "value", id="a word for a number"),
        pytest.param('name = "a"\nvalue = nan\n', "value", id="not a number"),
        pytest.param('name = "a"\nvalue = inf\n', "value", id="infinity"),
        pytest.param("name = 3\nvalue = 1.0\n", "name", id="a number for a word"),
    ],
)
def test_a_table_that_does_not_fit_is_named_by_path_and_key(written, text, key):
    with pytest.raises(DataFileError, match=rf"thing\.toml, {key}: expected"):
        records.load(Thing, written(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("name = \n", id="half a line"),
        pytest.param('name = "a"\nname = "b"\n', id="a key twice"),
        pytest.param(b'name = "\xff"\n', id="not UTF-8"),
    ],
)
def test_what_is_not_toml_is_named_by_path(written, text):
    with pytest.raises(DataFileError, match=r"thing\.toml: expected readable TOML"):
        records.load(Thing, written(text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataFileError, match=r"absent\.toml: expected a data file, got 'none'"):
        records.load(Thing, tmp_path / "absent.toml")


def test_each_row_becomes_a_record(written):
    path = written("name,value,note\na,1.5,\nb,2,seen\n", "things.csv")
    first, second = Thing(name="a", value=1.5), Thing(name="b", value=2.0, note="seen")
    assert records.load_rows(Thing, path) == (first, second)


def test_an_empty_cell_is_not_known(written):
    (row,) = records.load_rows(Thing, written("name,value,note\na,1.5,\n", "things.csv"))
    assert row.note is None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("name,value,note\na,,x\n", "line 2, value", id="an empty cell that is needed"),
        pytest.param("name,value,note\na,1,x\nb,nan,x\n", "line 3, value", id="not a number"),
        pytest.param("name,value,note\na,1,x,y\n", "line 2", id="a cell too many"),
        pytest.param("name,value,note\na,1\n", "line 2", id="a row cut short"),
        pytest.param("name,value,volume\na,1,2\n", "line 2, volume", id="an unknown column"),
        pytest.param(b"name,value,note\n\xff,1,x\n", "", id="not UTF-8"),
    ],
)
def test_a_row_that_does_not_fit_is_named_by_path_and_line(written, text, where):
    with pytest.raises(DataFileError, match=rf"things\.csv.*{where}"):
        records.load_rows(Thing, written(text, "things.csv"))


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(DataFileError, match=r"absent\.csv"):
        records.load_rows(Thing, tmp_path / "absent.csv")


def test_no_message_tells_where_the_package_is_installed(tmp_path):
    with pytest.raises(DataFileError) as caught:
        records.load(Thing, tmp_path / "absent.toml")
    assert str(tmp_path.parent) not in str(caught.value)


def test_every_key_that_does_not_fit_is_found_at_once():
    found = {f.key: f.kind for f in records.faults(Thing, {"value": "much", "volume": 2})}
    assert found == {"name": "missing", "value": "wrong", "volume": "unknown"}
    assert records.faults(Thing, {"name": "a", "value": 1.0}) == ()
