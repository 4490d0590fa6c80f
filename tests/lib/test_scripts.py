import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.scripts import APART, FOREIGN, to_cyrillic, to_latin

PAIRS = [
    ("Ljubav i njegoš, džep.", "Љубав и његош, џеп."),
    ("LJUBAV NJEGOŠ DŽEP", "ЉУБАВ ЊЕГОШ ЏЕП"),
    ("Đorđević, Žarko, Čačak, Ćuprija, Šabac", "Ђорђевић, Жарко, Чачак, Ћуприја, Шабац"),
    ("injekcija, konjunktura, nadživeti, odžaliti", "инјекција, конјунктура, надживети, оджалити"),
    ("Tanjug, konjugacija, podžanr, INJEKCIJA", "Танјуг, конјугација, поджанр, ИНЈЕКЦИЈА"),
    ("kanjon, konj, odžak, feljton, budžet", "кањон, коњ, оџак, фељтон, буџет"),
    ("nadžnjeti", "наджњети"),
]


@pytest.mark.parametrize(("latin", "cyrillic"), PAIRS)
def test_words_to_cyrillic_and_back(latin, cyrillic):
    assert to_cyrillic(latin) == cyrillic
    assert to_latin(cyrillic) == latin


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("%(name)s ima %(n)d ideja, 87 %% ili 5 %", "%(name)s има %(n)d идеја, 87 %% или 5 %"),
        ("%s i %d od %.1f", "%s и %d од %.1f"),
        ("{name} i {{ count }} {% if a %}da{% endif %}", "{name} и {{ count }} {% if a %}да{% endif %}"),
        ('<a href="{{ url }}" class="link">Otvorite</a>', '<a href="{{ url }}" class="link">Отворите</a>'),
        ("Ime&nbsp;i&#160;prezime &amp; mesto", "Име&nbsp;и&#160;презиме &amp; место"),
        ("Pišite na ana.anic@primer.rs, molim.", "Пишите на ana.anic@primer.rs, молим."),
        (
            "Vidi https://primer.rs/staza?a=da (ili www.primer.rs).",
            "Види https://primer.rs/staza?a=da (или www.primer.rs).",
        ),
        ("Datoteka primer.csv, opcija --dry-run", "Датотека primer.csv, опција --dry-run"),
        ("Pokrenite <code>make test</code> ovde", "Покрените <code>make test</code> овде"),
        ("Šifra OP-01, kod K7M2, polje birth_year", "Шифра OP-01, код K7M2, поље birth_year"),
        ("Modul II i III, ali VI i ja", "Модул II и III, али VI и ја"),
        (
            "Excel, PDF-om, XLSX-u, CSV, HTML, API, JSON, URL",
            "Excel, PDF-ом, XLSX-у, CSV, HTML, API, JSON, URL",
        ),
        ("GIZ, CEFTA i WhatsApp; e-pošta", "GIZ, CEFTA и WhatsApp; е-пошта"),
        ("Rasadnik i Windows", "Расадник и Windows"),
        ("kraj.Sledeći red", "крај.Следећи ред"),
        ("a < b > c", "а < б > ц"),
        ("80-postotno, 100% sigurno", "80-постотно, 100% сигурно"),
        ("ǈubav i c\u030cas", "Љубав и час"),
    ],
)
def test_what_is_no_serbian_word_stays(latin, cyrillic):
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("cyrillic", "latin"), [("Њ", "Nj"), ("КОЊ", "KONJ"), ("Љ. Ђ.", "Lj. Đ."), ("Њива", "Njiva")]
)
def test_capitals_of_two_letters(cyrillic, latin):
    assert to_latin(cyrillic) == latin


def test_other_letters_stay():
    assert to_latin("Привет, мир! ыэя") == "Privet, mir! ыэя"


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_foreign_names_stay(name):
    assert to_cyrillic(f"preko {name} i dalje") == f"преко {name} и даље"


@pytest.mark.parametrize("stem", APART.split())
def test_each_exception_says_where_the_letters_part(stem):
    before, after = stem.split("|")
    joined = to_cyrillic(before + after)
    assert joined == to_cyrillic(before) + to_cyrillic(after)
    assert to_latin(joined) == before + after


CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"


@given(st.text(alphabet=CYRILLIC + " .,-", max_size=60))
def test_cyrillic_comes_back_from_latin(text):
    latin = to_latin(text)
    apart = any(pair in text for pair in ("нј", "лј", "дж")) or any(
        stem.replace("|", "") in latin for stem in APART.split()
    )
    assume(not apart and FOREIGN.isdisjoint(re.findall(r"\w+", latin)))
    assume(not re.search(r"\w\.\w|--", latin))  # a name of a file, an option
    assert to_cyrillic(latin) == text


@given(st.text())
def test_cyrillic_is_left_alone_and_nothing_is_lost(text):
    once = to_cyrillic(text)
    assert to_cyrillic(once) == once
