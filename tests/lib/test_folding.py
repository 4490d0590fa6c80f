import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.folding import fold, script_of
from lib.sheets import read


@pytest.mark.parametrize(
    ("alike", "key"),
    [
        (
            ("Đorđević", "Djordjevic", "Ђорђевић", "ĐORĐEVIĆ", "ЂОРЂЕВИЋ", " Đorđević\n", "Đorđevic\u0301"),
            "djordjevic",
        ),
        (("Džep", "dzep", "Џеп", "ǅep", "ǆep", "DŽEP"), "dzep"),
        (("Ljiljana", "Љиљана", "ǈiǉana", "LJILJANA"), "ljiljana"),
        (("Njegoš", "Његош", "ǋegoš", "njegos"), "njegos"),
        (("Žarko  Čačak", "Жарко Чачак", "zarko\u00a0cacak", "Zarko\u200b Cacak"), "zarko cacak"),
    ],
)
def test_the_same_name_in_every_spelling_has_one_key(alike, key):
    assert {fold(name) for name in alike} == {key}


def test_neighbouring_alphabets_leave_no_cyrillic_letter():
    assert fold("Ѓорѓи Щёлоков Юлия Майя Єва") == "gorgi scelokov julija majja eva"
    assert fold("Łukasz Øster Straße İstanbul ﬁn") == "lukasz oster strasse istanbul fin"


@pytest.mark.parametrize(
    ("one", "other"), [("Ana Jović", "Ana Jokić"), ("Đukić", "Dukić"), ("Анђа", "Анка"), ("a b", "ab")]
)
def test_different_names_keep_different_keys(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize("file", ["common-forenames-by-country.csv", "common-surnames-by-country.csv"])
def test_real_names_of_the_world_have_a_key_that_stays(shared_data, file):
    sheet = read(shared_data / "names" / file)
    local, roman = sheet.header.index("Localized Name"), sheet.header.index("Romanized Name")
    names = {row.cells[place] for row in sheet.rows for place in (local, roman) if row.cells[place]}
    assert len(names) > 1000
    assert [name for name in names if not fold(name) or fold(fold(name)) != fold(name)] == []


@pytest.mark.parametrize("file", ["common-forenames-by-country.csv", "common-surnames-by-country.csv"])
def test_real_names_of_the_region_are_one_in_both_scripts(shared_data, file):
    sheet = read(shared_data / "names" / file)
    country, local, roman = (sheet.header.index(h) for h in ("Country", "Localized Name", "Romanized Name"))
    rows = [row.cells for row in sheet.rows if row.cells[local]]
    ours = [cells for cells in rows if cells[country] in ("RS", "ME", "BA", "HR")]
    assert len(ours) > 90
    assert [cells for cells in ours if fold(cells[local]) != fold(cells[roman])] == []
    near = [fold(cells[local]) for cells in rows if cells[country] in ("MK", "BG", "RU", "UA", "BY")]
    assert [name for name in near if script_of(name) != "latn"] == []


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcčćdđefghijklmnoprsštuvzž ABČĆDĐŠŽ"))
def test_case_never_matters(text):
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Ђорђевић", "cyrl"),
        ("Đorđević 2", "latn"),
        ("Ana Анић", "mixed"),
        ("2017–18", "none"),
        ("", "none"),
        ("林", "none"),
    ],
)
def test_the_script_of_a_text(text, script):
    assert script_of(text) == script


@given(st.text(alphabet="aZ čĆžšđĐ" + "абвЂђљЊџЋшЖ" + "0-\t\u00a0", max_size=20))
def test_letters_of_ours_fold_the_short_way_as_the_long(text):
    assert fold(text) == fold(text + "\u200b")  # a sign of no width sends it the long way
