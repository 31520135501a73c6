import pytest

from tests.health import words
from tests.health.tree import ROOT, expect_none

LATER = "TO" + "DO"


def test_no_file_names_a_package_index():
    expect_none(words.index_hosts(ROOT))


def test_no_file_names_a_path_of_one_machine():
    expect_none(words.machine_paths(ROOT))


def test_nothing_is_put_off_without_an_issue():
    expect_none(words.loose_ends(ROOT))


def test_every_file_of_src_has_a_name_that_says_something():
    expect_none(words.empty_names(ROOT))


@pytest.mark.parametrize("host", words.INDEX_HOSTS)
def test_an_index_host_is_found(plant, host):
    assert len(words.index_hosts(plant("requirements.lock", f"-i https://{host}/simple\n"))) == 1


@pytest.mark.parametrize("place", ["root", "work", "home/ada", "Users/ada"])
def test_a_path_of_one_machine_is_found(plant, place):
    assert len(words.machine_paths(plant("docs/a.md", f"see /{place}/data.csv\n"))) == 1


@pytest.mark.parametrize("line", ["https://example.org/{}/a", "~/{}/a", "$HOME/{}/"])
def test_a_part_of_another_path_is_not(plant, line):
    assert words.machine_paths(plant("docs/a.md", line.format("work"))) == []


def test_a_loose_end_is_found(plant):
    assert len(words.loose_ends(plant("src/ketherapy/a.py", f"# {LATER}: later\n"))) == 1


def test_a_loose_end_with_an_issue_is_not(plant):
    assert words.loose_ends(plant("src/ketherapy/a.py", f"# {LATER}(#12): later\n")) == []


@pytest.mark.parametrize("name", ["utils.py", "care/helpers.py", "common/a.py"])
def test_an_empty_name_is_found(plant, name):
    assert len(words.empty_names(plant(f"src/clinic/{name}", ""))) == 1


def test_what_tools_make_is_not_read(plant):
    plant("env/pyvenv.cfg", "")
    plant("env/lib/a.md", "/ro" + "ot/a\n")
    assert words.machine_paths(plant("build/a.md", "/ro" + "ot/a\n")) == []
