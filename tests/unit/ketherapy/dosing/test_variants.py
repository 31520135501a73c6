"""Variants: tighter at will, looser with a reason, and every difference named."""

from dataclasses import replace
from pathlib import Path

import pytest

import ketherapy.dosing
from ketherapy.dosing.protocol import protocol, protocols
from ketherapy.dosing.variant_parts import Direction
from ketherapy.dosing.variants import differences, faults, read_variant
from ketherapy.errors import DataFileError

FOLDER = Path(ketherapy.dosing.__file__).parent / "data" / "protocols"
CRPS, SPRAY = "iv_crps_2026_01", "esketamine_trd_us_2026_01"
PAIN, SKIN = "iv_chronic_pain_2026_01", "sc_depression_2026_01"
OLDER = "esketamine_trd_eu_65_2026_01"
LOOSER, TIGHTER, OTHER = Direction.LOOSER, Direction.TIGHTER, Direction.OTHER


def text(base: str, *edits: tuple[str, str]) -> str:
    """Return the file of ``base`` as a clinic's variant, with ``edits``."""
    words = (FOLDER / f"{base}.toml").read_text(encoding="utf-8")
    old = protocol(base)
    words = words.replace(f'id = "{base}"', f'id = "ours_2026_01"\nvaries = "{base}"', 1)
    words = words.replace(f'jurisdiction = "{old.jurisdiction}"', 'jurisdiction = "clinic"', 1)
    for before, after in edits:
        assert before in words, before
        words = words.replace(before, after, 1)
    return words


def written(folder: Path, words: str, name: str = "ours_2026_01") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(words, encoding="utf-8", newline="\n")
    return path


def because(path: str) -> tuple[str, str]:
    """Return the edit that gives a reason for a part."""
    return "use = ", f'looser_because = {{ "{path}" = "our audit of 2025" }}\nuse = '


def found(folder: Path, base: str, *edits: tuple[str, str]):
    """Return the differences apart from those of being a variant at all."""
    variant = read_variant(written(folder, text(base, *edits)))
    own = {"id", "varies", "jurisdiction"}
    return tuple(one for one in variant.differences if one.path not in own)


def test_what_is_the_same_has_no_differences(tmp_path):
    for one in protocols():
        assert differences(one, one) == ()
    assert found(tmp_path, CRPS) == ()


def test_being_a_variant_is_neither_tighter_nor_looser(tmp_path):
    variant = read_variant(written(tmp_path, text(CRPS)))
    assert {(d.path, d.before, d.after, d.direction) for d in variant.differences} == {
        ("id", CRPS, "ours_2026_01", OTHER), ("varies", "", CRPS, OTHER),
        ("jurisdiction", "consensus", "clinic", OTHER),
    }  # fmt: skip
    assert variant.base == protocol(CRPS)
    assert variant.protocol.id == "ours_2026_01"


TIGHT = [
    (CRPS, "rate_max = { value = 25", "rate_max = { value = 20", "limits.rate_max",
     "25 mg/h", "20 mg/h"),
    (CRPS, "apart_min = { value = 20", "apart_min = { value = 24", "limits.apart_min",
     "20 h", "24 h"),
    (CRPS, "[limits]\n", '[limits]\namount_per_week_max = { value = 500, unit = "mg", locator = ""'
     ', since = 2026-01-01, source = "ketherapy", status = "convention" }\n',
     "limits.amount_per_week_max", "", "500 mg"),
    (CRPS, "observed_for = { value = 60", "observed_for = { value = 90", "leaving.observed_for",
     "60 min", "90 min"),
    (CRPS, 'minutes = { value = 15, unit = "min"', 'minutes = { value = 10, unit = "min"',
     "due.pressure.every.start", "15 min", "10 min"),
    (CRPS, 'setting = "outpatient"', 'setting = "inpatient"', "setting", "outpatient", "inpatient"),
    (CRPS, 'setting = "outpatient"', 'setting = "outpatient"\nis_research = true', "is_research",
     "no", "yes"),
    (CRPS, "stale_after = 2027-01-01", "stale_after = 2026-10-01", "stale_after", "2027-01-01",
     "2026-10-01"),
    (CRPS, "stale_after", 'check_against = "the paper"\nstale_after', "check_against", "",
     "the paper"),
    (CRPS, "age_from = { value = 18", "age_from = { value = 21", "age_from", "18 year", "21 year"),
    (CRPS, 'rules = ["TH-014"', 'rules = ["TH-012", "TH-014"', "leaving.rules", "", "TH-012"),
    (CRPS, 'check = "ecg", when', 'check = "capnography", when = "throughout", source = "ketherapy"'
     ', status = "convention" },\n    { check = "ecg", when', "due.capnography.throughout.start",
     "", "throughout"),
    (CRPS, 'visits = { value = 10, unit = "1"', 'visits = { value = 10, unit = "1", low = 8',
     None, "", ""),
    (CRPS, "over = { value = 4", "over = { value = 5", "phase.days.dose.over", "4 h", "5 h"),
    (CRPS, 'unit = "mg/kg/h", locator = "abstract" }\nover', 'unit = "mg/kg/h", low = 0.35, '
     'locator = "abstract" }\nover', None, "", ""),
    (SPRAY, "choices = [56, 84]", "choices = [56]", "phase.weeks_1_to_4.dose.allowed", "56, 84 mg",
     "56 mg"),
    (SPRAY, 'apart = { value = 14, unit = "day", low = 7',
     'apart = { value = 14, unit = "day", low = 14', "phase.from_week_9.schedule.apart", "7 day",
     "14 day"),
    (SKIN, "first = [0.5]", "first = [0.5]", None, "", ""),
    (PAIN, "low = 0, high = 0.35", "low = 0, high = 0.2", "phase.infusion.dose.bolus",
     "0.35 mg/kg", "0.2 mg/kg"),
    (PAIN, 'given = { value = 0.5, unit = "mg/kg/h", low = 0.5, high = 2.0',
     'given = { value = 0.5, unit = "mg/kg/h", low = 0.5, high = 1.0',
     "phase.infusion.dose.allowed", "0.5 to 2 mg/kg/h", "0.5 to 1 mg/kg/h"),
    (OLDER, "age_from = { value = 65", "age_from = { value = 70", "age_from", "65 year", "70 year"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "old", "new", "path", "before", "after"), TIGHT)
def test_a_clinic_may_be_tighter_without_a_word(tmp_path, base, old, new, path, before, after):
    given = [(d.path, d.before, d.after, d.direction) for d in found(tmp_path, base, (old, new))]
    assert given == ([] if path is None else [(path, before, after, TIGHTER)])


LOOSE = [
    (CRPS, "stale_after = 2027-01-01", "stale_after = 2028-01-01", "stale_after", "2027-01-01",
     "2028-01-01"),
    (CRPS, "is_off_label = true", "is_off_label = false", "is_off_label", "yes", "no"),
    (CRPS, "observed_for = { value = 60", "observed_for = { value = 59", "leaving.observed_for",
     "60 min", "59 min"),
    (CRPS, 'observed_for = { value = 60, unit = "min"', 'observed_for = { value = 0.5, unit = "h"',
     "leaving.observed_for", "60 min", "0.5 h"),
    (CRPS, 'anchor = "end"\nrules', 'anchor = "start"\nrules', "leaving.anchor", "end", "start"),
    (CRPS, ', "TH-015"]', "]", "leaving.rules", "TH-015", ""),
    (CRPS, '    { check = "ecg", when = "throughout", source = "goldberg2005", status = "verified",'
     ' locator = "abstract" },\n', "", "due.ecg.throughout.start", "throughout", ""),
    (CRPS, 'minutes = { value = 15, unit = "min"', 'minutes = { value = 20, unit = "min"',
     "due.pressure.every.start", "15 min", "20 min"),
    (CRPS, "over = { value = 4", "over = { value = 3", "phase.days.dose.over", "4 h", "3 h"),
    (CRPS, 'id = "days"', 'id = "weeks"', "phase.days", "Ten outpatient days", ""),
    (CRPS, 'given = { value = 0.35, unit = "mg/kg/h", locator',
     'given = { value = 0.35, unit = "mg/kg/h", low = 0.3, locator', "phase.days.dose.allowed",
     "0.35 to 0.35 mg/kg/h", "0.3 to 0.35 mg/kg/h"),
    (CRPS, 'given = { value = 0.35, unit = "mg/kg/h", locator',
     'given = { value = 0.35, unit = "mg/kg/h", high = 0.4, locator', "phase.days.dose.allowed",
     "0.35 to 0.35 mg/kg/h", "0.35 to 0.4 mg/kg/h"),
    (CRPS, "0.35, unit = \"mg/kg/h\"", '20, unit = "mg/h"', "phase.days.dose.given",
     "0.35 mg/kg/h", "20 mg/h"),
    (CRPS, 'visits = { value = 10, unit = "1"', 'visits = { value = 10, unit = "1", high = 12',
     "phase.days.schedule.visits", "10", "12"),
    (SPRAY, 'visits = { value = 4, unit = "1", locator = "once a week for four weeks", source = '
     '"spravato_dosing_copy", status = "verified" }\n', "", "phase.weeks_5_to_8.schedule.visits",
     "4", ""),
    (SPRAY, "choices = [56, 84]", "choices = [28, 56, 84]", "phase.weeks_1_to_4.dose.allowed",
     "56, 84 mg", "28, 56, 84 mg"),
    (SPRAY, "choices = [56, 84]\nfirst = [56]", "choices = [56, 84]\nfirst = [56, 84]",
     "phase.weeks_1_to_4.dose.first", "56 mg", "56, 84 mg"),
    (SPRAY, "first = [56]\n", "", "phase.weeks_1_to_4.dose.first", "56 mg", ""),
    (SPRAY, "step = { value = 28", "step = { value = 56", "phase.weeks_1_to_4.dose.step", "28 mg",
     "56 mg"),
    (SPRAY, 'apart = { value = 14, unit = "day", low = 7',
     'apart = { value = 14, unit = "day", low = 3', "phase.from_week_9.schedule.apart", "7 day",
     "3 day"),
    (SKIN, "choices = [0.5, 0.6, 0.75, 0.9]\nfirst = [0.5]",
     "choices = [0.5, 0.6, 0.7, 0.75, 0.9]\nfirst = [0.5]", "phase.course.dose.allowed",
     "0.5, 0.6, 0.75, 0.9 mg/kg", "0.5, 0.6, 0.7, 0.75, 0.9 mg/kg"),
    (PAIN, "low = 0, high = 0.35", "low = 0, high = 0.5", "phase.infusion.dose.bolus",
     "0.35 mg/kg", "0.5 mg/kg"),
    (PAIN, 'bolus = { value = 0, unit = "mg/kg", low = 0, high = 0.35',
     'bolus = { value = 0, unit = "mg", low = 0, high = 10', "phase.infusion.dose.bolus",
     "0.35 mg/kg", "10 mg"),
    (OLDER, "age_from = { value = 65", "age_from = { value = 60", "age_from", "65 year", "60 year"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "old", "new", "path", "before", "after"), LOOSE)
def test_a_clinic_may_be_looser_only_with_a_reason(tmp_path, base, old, new, path, before, after):
    words = text(base, (old, new))
    refused = faults(written(tmp_path, words))
    said = f"{path}: looser than {base} ({before or 'nothing'} before, {after or 'nothing'} now)."
    assert f"{said} Say why in looser_because." in refused
    paths = [line.split(":")[0] for line in refused]
    given = ", ".join(f'"{one}" = "our audit of 2025"' for one in dict.fromkeys(paths))
    reasons = ("use = ", f"looser_because = {{ {given} }}\nuse = ")
    looser = [d for d in found(tmp_path, base, (old, new), reasons) if d.direction is LOOSER]
    assert [d.path for d in looser] == sorted(paths)
    assert all(d.reason == "our audit of 2025" for d in looser)
    assert (path, before, after) in [(d.path, d.before, d.after) for d in looser]


def test_a_looser_limit_says_why_in_its_own_line(tmp_path):
    old, new = "rate_max = { value = 25,", "rate_max = { value = 30,"
    (refused,) = faults(written(tmp_path, text(CRPS, (old, new))))
    assert refused == (
        "limits.rate_max: looser than iv_crps_2026_01 (25 mg/h before, 30 mg/h now)."
        " Say why in looser_because."
    )
    with pytest.raises(DataFileError, match=r"ours_2026_01\.toml: .*1 faults.*limits\.rate_max"):
        read_variant(written(tmp_path, text(CRPS, (old, new))))
    blank = f'{new} looser_because = "  ",'
    assert faults(written(tmp_path, text(CRPS, (old, blank)))) == (refused,)
    (found_one,) = found(tmp_path, CRPS, (old, f'{new} looser_because = "our audit",'))
    assert (found_one.path, found_one.direction) == ("limits.rate_max", LOOSER)
    assert found_one.reason == "our audit"


def test_a_limit_taken_away_is_looser(tmp_path):
    line = next(row for row in text(CRPS).splitlines() if row.startswith("rate_per_kg_max"))
    (refused,) = faults(written(tmp_path, text(CRPS, (line + "\n", ""))))
    assert refused.startswith("limits.rate_per_kg_max: looser than iv_crps_2026_01 (0.35 mg/kg/h")
    edits = ((line + "\n", ""), because("limits.rate_per_kg_max"))
    (taken,) = found(tmp_path, CRPS, *edits)
    assert (taken.after, taken.reason) == ("", "our audit of 2025")


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [("", "", None), ("", "2026-12-31", LOOSER), ("2026-12-31", "", TIGHTER),
     ("2026-11-30", "2026-12-31", TIGHTER), ("2026-12-31", "2026-11-30", LOOSER)],
)  # fmt: skip
def test_a_limit_that_ends_sooner_is_looser(tmp_path, old, new, direction):
    from ketherapy.dosing.protocol import read_protocol

    def ending(name: str, end: str):
        words = text(CRPS).replace("ours_2026_01", name)
        line = next(row for row in words.splitlines() if row.startswith("rate_max"))
        until = line.replace(" }", f", until = {end} }}") if end else line
        return read_protocol(written(tmp_path, words.replace(line, until), name))

    ends = [one for one in differences(ending("a_2026_01", old), ending("b_2026_01", new))
            if one.path == "limits.rate_max"]  # fmt: skip
    assert [one.direction for one in ends] == ([] if direction is None else [direction])
    if direction:
        said = (f"until {old}" if old else "", f"until {new}" if new else "")
        assert (ends[0].before, ends[0].after) == said


NEITHER = [
    (CRPS, "title = ", 'title = "Ours: ', "title"),
    (CRPS, "days = [0, 1, 2", "days = [0, 2, 3", "phase.days.schedule.days"),
    (CRPS, 'text = "In the trial clonidine', 'text = "Here clonidine', "remarks"),
    (CRPS, 'says = "Less than 80 mg in a visit', 'says = "Below 80 mg in a visit', "advice"),
    (CRPS, 'text = "Relief of at least 30 %', 'text = "Relief by at least 30 %',
     "phase.days.review"),
    (CRPS, 'text = "A guideline calls', 'text = "The guideline calls', "evidence"),
    (PAIN, 'given = { value = 0.5, unit = "mg/kg/h"', 'given = { value = 1.0, unit = "mg/kg/h"',
     "phase.infusion.dose.given"),
    (CRPS, 'profile = "us"', 'profile = "eu"', "profile"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "old", "new", "path"), NEITHER)
def test_other_differences_are_named_and_need_no_reason(tmp_path, base, old, new, path):
    if path == "title":
        old, new = 'title = "Racemic', 'title = "Ours: racemic'
    if path == "phase.days.schedule.days":
        old, new = (
            "days = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]",
            "days = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]",
        )
    (one,) = found(tmp_path, base, (old, new))
    assert (one.path, one.direction, one.reason) == (path, OTHER, "")
    assert one.before != one.after


@pytest.mark.parametrize("name", ["staff", "equipment", "alongside", "follow_up"])
def test_what_must_be_there_may_be_added_to_and_not_taken_away(tmp_path, name):
    first = getattr(protocol(CRPS), name)[0].text
    line = next(row for row in text(CRPS).splitlines() if first in row)
    more = line + '\n    { text = "And ours.", source = "ketherapy", status = "convention" },'
    (added,) = found(tmp_path, CRPS, (line, more))
    assert (added.path, added.before, added.after) == (name, "", "And ours.")
    assert added.direction is TIGHTER
    (refused,) = faults(written(tmp_path, text(CRPS, (line + "\n", ""))))
    assert refused.startswith(f"{name}: looser")
    (gone,) = found(tmp_path, CRPS, (line + "\n", ""), because(name))
    assert (gone.before, gone.after, gone.direction) == (first, "", LOOSER)


def test_a_check_at_another_time_is_another_check(tmp_path):
    later = ("minutes = { value = 40", "minutes = { value = 60")
    (refused,) = faults(written(tmp_path, text(SPRAY, later)))
    assert refused.startswith("due.pressure.at.first_device.40 min: looser")
    gone, come = found(tmp_path, SPRAY, later, because("due.pressure.at.first_device.40 min"))
    assert (gone.before, gone.after) == ("at 40 min", "")
    assert (come.path, come.after) == ("due.pressure.at.first_device.60 min", "at 60 min")
    assert come.direction is TIGHTER


def test_a_bolus_is_looser_and_none_is_tighter(tmp_path):
    line = next(row for row in text(PAIN).splitlines() if row.startswith("bolus = "))
    (none,) = found(tmp_path, PAIN, (line + "\n", ""))
    assert (none.path, none.before, none.after) == ("phase.infusion.dose.bolus", "0 mg/kg", "")
    assert none.direction is TIGHTER
    (refused,) = faults(written(tmp_path, text(CRPS, ("over = {", f"{line}\nover = {{"))))
    assert refused.startswith("phase.days.dose.bolus: looser")


def test_over_a_time_is_tighter_than_at_once(tmp_path):
    over = 'over = { value = 5, unit = "min", locator = "", source = "ketherapy", status = '
    edit = ("choices = [0.5, 0.6", f'{over}"convention" }}\nchoices = [0.5, 0.6')
    (slower,) = found(tmp_path, SKIN, edit)
    assert (slower.path, slower.before, slower.after) == ("phase.course.dose.over", "", "5 min")
    assert slower.direction is TIGHTER
    variant = read_variant(tmp_path / "ours_2026_01.toml")
    back = {d.path: d for d in differences(variant.protocol, variant.base)}
    assert back["phase.course.dose.over"].direction is LOOSER


def test_any_two_may_be_compared():
    spray, pain = protocol(SPRAY), protocol(CRPS)
    there = {d.path: (d.before, d.after, d.direction) for d in differences(spray, pain)}
    assert there["drug"] == ("esketamine", "ketamine", LOOSER)
    assert there["route"] == ("intranasal", "iv", LOOSER)
    assert there["use"] == ("psychiatry", "pain", LOOSER)
    assert there["is_off_label"] == ("no", "yes", TIGHTER)
    assert there["check_against"][2] is LOOSER
    assert there["rules"][:2] == ("PR-001, PR-002, PR-003, PR-008", "PR-033")
    order = [d.direction for d in differences(spray, pain)]
    assert order == sorted(order, key=list(Direction).index)


@pytest.mark.parametrize(("age", "direction"), [(60, TIGHTER), (70, LOOSER)])
def test_the_age_below_which_it_is_moves(age, direction):
    under = protocol("esketamine_trd_eu_2026_01")
    moved = replace(under, age_below=replace(under.age_below, value=age))
    (one,) = differences(under, moved)
    assert (one.path, one.before, one.after) == ("age_below", "65 year", f"{age} year")
    assert one.direction is direction


def test_a_phase_that_came_or_went_is_named_by_its_title():
    spray = protocol(SPRAY)
    shorter = replace(spray, phase=spray.phase[:2])
    title = spray.phase[2].title
    for two, said in (((shorter, spray), ("", title)), ((spray, shorter), (title, ""))):
        (one,) = differences(*two)
        assert (one.path, one.before, one.after) == ("phase.from_week_9", *said)
        assert one.direction is LOOSER


FIRST = "phase.weeks_1_to_4.dose.first"


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [((56.0, 84.0), (56.0,), TIGHTER), ((56.0,), (56.0, 84.0), LOOSER), ((56.0,), (84.0,), LOOSER),
     ((), (56.0,), TIGHTER), ((56.0,), (), LOOSER)],
)  # fmt: skip
def test_fewer_first_doses_are_tighter_and_none_named_is_looser(before, after, direction):
    def beginning(first):
        spray = protocol(SPRAY)
        begin, *rest = spray.phase
        return replace(spray, phase=(replace(begin, dose=replace(begin.dose, first=first)), *rest))

    (one,) = differences(beginning(before), beginning(after))
    assert (one.path, one.direction) == (FIRST, direction)
    said = (", ".join(f"{mg:g}" for mg in doses) + " mg" if doses else ""
            for doses in (before, after))  # fmt: skip
    assert (one.before, one.after) == tuple(said)


def test_doses_that_are_not_the_same_never_look_alike():
    course = protocol(CRPS)

    def up_to(high):
        (days,) = course.phase
        given = replace(days.dose.given, high=high)
        return replace(course, phase=(replace(days, dose=replace(days.dose, given=given)),))

    (one,) = differences(up_to(0.35001), up_to(0.35002))
    assert (one.before, one.after) == ("0.35 to 0.35001 mg/kg/h", "0.35 to 0.35002 mg/kg/h")


def test_what_stands_in_another_kind_of_unit_on_both_sides_is_the_same(tmp_path):
    mg = ('bolus = { value = 0, unit = "mg/kg"', 'bolus = { value = 0, unit = "mg"')
    variant = read_variant(written(tmp_path, text(PAIN, mg, because("phase.infusion.dose.bolus"))))
    assert differences(variant.protocol, variant.protocol) == ()


def test_under_an_age_is_tighter_than_at_any():
    young, any_age = protocol("esketamine_trd_eu_2026_01"), protocol(SPRAY)
    (one,) = (d for d in differences(any_age, young) if d.path == "age_below")
    assert (one.before, one.after, one.direction) == ("", "65 year", TIGHTER)
    (one,) = (d for d in differences(young, any_age) if d.path == "age_below")
    assert one.direction is LOOSER


def test_phases_in_another_order_are_looser(tmp_path):
    words = text(SPRAY)
    head, *phases = words.split("[[phase]]")
    phases[-1], tail = phases[-1].split("[limits]")
    moved = "[[phase]]".join([head, phases[1], phases[0], phases[2] + "[limits]" + tail])
    refused = faults(written(tmp_path, moved))
    assert any(line.startswith("phase: looser than") for line in refused)


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        ((f'varies = "{CRPS}"', 'varies = "iv_crps"'), "varies: protocol: expected one of"),
        (('jurisdiction = "clinic"', 'jurisdiction = "US"'),
         "jurisdiction: a variant is the clinic's own, got 'US'."),
        (('drug = "ketamine"', 'drug = "esketamine"'),
         "drug: a variant keeps that of iv_crps_2026_01, 'ketamine'."),
        (('use = "pain"', 'use = "psychiatry"'), "use: a variant keeps that of"),
        (because("limits.rate_max"), "limits.rate_max: a reason for what is not looser."),
        (("rate_max = {", 'rate_max = { looser_because = "why",'),
         "limits.rate_max: a reason for what is not looser."),
        (('id = "ours_2026_01"', 'id = "theirs_2026_01"'), "an id that is the file's name"),
        (("title = ", 'sha256 = "0"\ntitle = '), "an id that is the file's name, and no hash"),
        (('drug = "ketamine"', 'drug = "S"'), "drug: Input should be"),
        (("is_off_label = true\n", ""), "is_off_label: Field required (missing), got"),
        (('use = "pain"', 'use = "pain"\nname = "x"'),
         "name: Unexpected keyword argument (unknown)"),
    ],
)  # fmt: skip
def test_what_is_no_variant_is_refused_by_its_key(tmp_path, edit, fault):
    refused = faults(written(tmp_path, text(CRPS, edit)))
    assert any(fault in line for line in refused), refused


def test_every_fault_is_named_at_once(tmp_path):
    edits = (("is_off_label = true\n", ""), ('drug = "ketamine"', 'drug = "S"'))
    refused = faults(written(tmp_path, text(CRPS, *edits)))
    assert sorted(line.split(":")[0] for line in refused) == ["drug", "is_off_label"]


def test_a_shipped_protocol_is_no_variant_and_has_no_faults(tmp_path):
    for path in sorted(FOLDER.glob("*.toml")):
        assert faults(path) == ()
    with pytest.raises(DataFileError, match="varies: the id of the protocol it varies"):
        read_variant(FOLDER / f"{CRPS}.toml")


def test_a_protocol_of_its_own_has_no_reasons(tmp_path):
    words = text(CRPS, because("limits.rate_max")).replace(f'varies = "{CRPS}"\n', "")
    (refused,) = faults(written(tmp_path, words))
    assert refused.startswith("limits.rate_max: a reason for what is not looser")
