"""The template tags of the look."""

from django import forms
from django.template import Context, Template
from django.utils import translation


def render(source, language="en", **context):
    with translation.override(language):
        return Template("{% load look %}" + source).render(Context(context)).strip()


def test_serbian_is_named_with_its_script():
    assert [render("{% html_lang %}", code) for code in ("en", "sr", "sr-latn")] == [
        "en",
        "sr-Cyrl",
        "sr-Latn",
    ]


def test_a_name_is_marked_where_its_script_is_not_the_page():
    assert render("{% name who %}", "en", who="Снежана") == '<span lang="sr-Cyrl">Снежана</span>'
    assert render("{% name who %}", "sr", who="Снежана") == "Снежана"
    assert render("{% name who %}", "sr", who="Đorđe <b>") == '<span lang="sr-Latn">Đorđe &lt;b&gt;</span>'
    assert render("{% name who %}", "sr-latn", who="Đorđe & Ana") == "Đorđe &amp; Ana"
    assert render("{% name who %}", who=None) == ""


def test_a_share_is_never_localised_and_stays_inside():
    cases = [
        (27, 31, "87.1%"),
        (31, 31, "100%"),
        (0, 31, "0%"),
        (3, 0, "0%"),
        (None, 5, "0%"),
        (9, 5, "100%"),
    ]
    assert [render("{% share a b %}", "sr", a=a, b=b) for a, b, _ in cases] == [said for _, _, said in cases]


def test_an_interval_is_drawn_only_where_there_is_one():
    assert render("{% bar 19 52 %}").count("<line") == 0
    assert render("{% bar 19 52 low=19 high=26 %}").count("<line") == 3


class Meeting(forms.Form):
    minutes = forms.IntegerField(max_value=240, help_text="travel not counted")
    note = forms.CharField(required=False)


def test_a_wrong_field_is_tied_to_its_help_and_error():
    said = render("{% field form.minutes %}", form=Meeting({"minutes": "900"}))
    described = 'aria-describedby="id_minutes_helptext id_minutes_error"'
    assert (said.count(described), said.count('aria-invalid="true"')) == (1, 1)
    assert said.count('id="id_minutes_error"') == said.count('id="id_minutes_helptext"') == 1


def test_the_summary_of_errors_links_to_each_field():
    said = render("{% error_summary form %}", form=Meeting({"minutes": "900"}))
    assert said.count('<a href="#id_minutes">Minutes</a>') == said.count("<li>") == 1
    assert render("{% error_summary form %}", form=Meeting()) == ""
    assert render("{% error_summary form %}", form=Meeting({"minutes": "9"})) == ""
