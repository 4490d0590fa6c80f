"""The catalogues: one by hand, one derived; the check finds what would leave a page half in English."""

import gettext

import polib
import pytest

from lib import catalogues

PAGE = """{% load i18n %}
{% translate "Ideas" %} {% blocktranslate with who=name %}{{ who }} is here{% endblocktranslate %}
{% blocktranslate count n=n %}{{ n }} idea{% plural %}{{ n }} ideas{% endblocktranslate %}
"""
CODE = """from django.utils.translation import pgettext

shape = pgettext("date format", "D j F")
"""
SERBIAN = {"Ideas": "Ideje i njihovi džepovi", "%(who)s is here": "Ovde je %(who)s", "D j F": "D j. F"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one page and one module, with catalogues of its own."""
    for folder, name, text in (("templates", "page.html", PAGE), ("desk", "shapes.py", CODE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    for name, language in (("LATIN", "sr_Latn"), ("CYRILLIC", "sr")):
        monkeypatch.setattr(catalogues, name, tmp_path / "locale" / language / "LC_MESSAGES" / "django.po")
    return tmp_path


@pytest.fixture
def translated(project):
    """The same, wholly translated, derived and compiled."""
    assert catalogues.main("update") == 0
    with changed() as latin:
        for entry in latin:
            if entry.msgid_plural:
                entry.msgstr_plural = {0: "%(n)s ideja", 1: "%(n)s ideje", 2: "%(n)s ideja"}
            else:
                entry.msgstr = SERBIAN[entry.msgid]
    catalogues.derive()
    catalogues.compile_if_stale()
    return project


class changed:
    """The Latin catalogue, open to be changed and saved."""

    def __enter__(self) -> polib.POFile:
        self.file = polib.pofile(str(catalogues.LATIN), wrapwidth=110)
        return self.file

    def __exit__(self, *_why):
        self.file.save(str(catalogues.LATIN))


def test_the_derived_catalogue_is_the_file():
    assert str(polib.pofile(str(catalogues.CYRILLIC), wrapwidth=110)) == str(catalogues.derived())


def test_every_entry_of_the_project_is_sound():
    entries = polib.pofile(str(catalogues.LATIN))
    assert len(entries) > 1000
    assert [words for entry in entries for words in catalogues._entry_problems(entry)] == []


def test_what_is_new_is_not_translated(project):
    assert catalogues.problems() == ["there is no catalogue yet: run `make catalogues`"]
    catalogues.main("all")
    assert catalogues.problems() == [
        "untranslated: '%(n)s idea'",
        "untranslated: '%(who)s is here'",
        "untranslated: 'D j F'",
        "untranslated: 'Ideas'",
    ]
    assert catalogues.main("check") == 1


def test_a_whole_translation_passes(translated, capsys):
    assert catalogues.main("check") == 0
    assert capsys.readouterr().out == "every string is translated\n"


def test_cyrillic_is_derived_and_date_formats_stay(translated):
    found = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogues.CYRILLIC))}
    assert found["Ideas"] == "Идеје и њихови џепови"
    assert found["%(who)s is here"] == "Овде је %(who)s"
    assert found["D j F"] == "D j. F"


def test_compiled_catalogues_speak_with_three_plurals(translated):
    for path, forms in (
        (catalogues.LATIN, ["%(n)s ideja", "%(n)s ideje", "%(n)s ideja"]),
        (catalogues.CYRILLIC, ["%(n)s идеја", "%(n)s идеје", "%(n)s идеја"]),
    ):
        with path.with_suffix(".mo").open("rb") as file:
            spoken = gettext.GNUTranslations(file)
        for numbers, form in zip(((1, 21, 101), (2, 4, 33), (0, 5, 11, 12, 14, 111)), forms, strict=True):
            assert {spoken.ngettext("%(n)s idea", "%(n)s ideas", n) for n in numbers} == {form}


def test_a_later_update_keeps_translations_and_drops_what_is_gone(translated):
    page = translated / "templates" / "page.html"
    page.write_text(PAGE.replace("Ideas", "Sessions"))
    assert catalogues.problems() == [
        "in the catalogue, but in no source: 'Ideas'",
        "not in the catalogue: 'Sessions'",
    ]
    catalogues.main("update")
    kept = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogues.LATIN))}
    assert kept == {"%(n)s idea": "", "%(who)s is here": "Ovde je %(who)s", "D j F": "D j. F", "Sessions": ""}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda entry: setattr(entry, "msgstr", ""), "untranslated: '%(who)s is here'"),
        (lambda entry: setattr(entry, "msgstr", "Ovde je"), "placeholders differ: '%(who)s is here'"),
        (lambda entry: setattr(entry, "msgstr", "Ovde je %(ko)s"), "placeholders differ: '%(who)s is here'"),
        (lambda entry: entry.flags.append("fuzzy"), "fuzzy: '%(who)s is here'"),
    ],
)
def test_each_fault_of_an_entry_is_named(translated, spoil, said):
    with changed() as latin:
        spoil(latin.find("%(who)s is here"))
    catalogues.derive()
    assert catalogues.problems() == [said]


def test_a_plural_needs_its_number_in_each_form(translated):
    with changed() as latin:
        latin.find("%(n)s idea").msgstr_plural[0] = "jedna ideja"  # said of 21, too
    catalogues.derive()
    assert catalogues.problems() == ["placeholders differ: '%(n)s idea'"]


def test_cyrillic_written_by_hand_is_noticed(translated):
    text = catalogues.CYRILLIC.read_text().replace("Идеје", "Идејице")
    catalogues.CYRILLIC.write_text(text)
    assert catalogues.problems() == [
        "the Cyrillic catalogue is not what the Latin one gives: run `make catalogues`"
    ]


def test_an_unknown_word_gets_the_help(capsys):
    assert catalogues.main("nonsense") == 2
    assert "derive" in capsys.readouterr().out
