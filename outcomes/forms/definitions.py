"""A definition as it is edited: its words, how it is counted, and why it is changed."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outcomes.definitions import DISAGGREGATIONS, UNITS, Definition, Unit
from outcomes.forms.chosen import ChosenForm, Offered, initial_of
from outcomes.library.questions import words_of
from outcomes.models import IndicatorVersion, Level

AREA = forms.Textarea({"rows": 3})
KIRKPATRICK = [
    ("", gettext_lazy("none")),
    (1, gettext_lazy("1: what they think of it")),
    (2, gettext_lazy("2: what they learned")),
    (3, gettext_lazy("3: what they do")),
    (4, gettext_lazy("4: what came of it")),
]
WORDS = ("name", "name_sr", "numerator", "numerator_sr", "denominator", "denominator_sr")
MORE = ("unit", "standard", "level", "kirkpatrick", "disaggregations", "reason", "spec")


class DefinitionForm(ChosenForm):
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=20, widget=forms.TextInput({"class": "short"}),
        help_text=gettext_lazy("Letters, a line and a number: LO-01. It stays through all versions."),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name of the figure"), max_length=200)
    name_sr = forms.CharField(label=gettext_lazy("Name in Serbian"), max_length=200, required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    numerator = forms.CharField(
        label=gettext_lazy("What is counted, in words"), max_length=1000, widget=AREA,
        help_text=gettext_lazy("As a funder reads it: persons who gave a 4 or a 5 at the end."),
    )  # fmt: skip
    numerator_sr = forms.CharField(
        label=gettext_lazy("What is counted, in Serbian"), max_length=1000, widget=AREA, required=False
    )
    denominator = forms.CharField(
        label=gettext_lazy("Of what"), max_length=1000, widget=AREA, required=False,
        help_text=gettext_lazy("Of a share: persons who answered."),
    )  # fmt: skip
    denominator_sr = forms.CharField(
        label=gettext_lazy("Of what, in Serbian"), max_length=1000, widget=AREA, required=False
    )
    disaggregations = forms.MultipleChoiceField(
        label=gettext_lazy("Taken apart by"), choices=list(DISAGGREGATIONS.items()),
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    standard = forms.CharField(
        label=gettext_lazy("The same figure in published catalogues"), max_length=200, required=False,
        help_text=gettext_lazy("As they name it: IRIS PI7163; SDG 8.3."),
    )  # fmt: skip
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=Level.choices)
    kirkpatrick = forms.TypedChoiceField(
        label=gettext_lazy("Level by Kirkpatrick"), choices=KIRKPATRICK, coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why it is changed"), max_length=300, required=False,
        help_text=gettext_lazy("It stands beside this version as long as there is one."),
    )  # fmt: skip
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)  # the version that it was read in

    def __init__(self, *args, programmes, known: Definition | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known, fields = known, self.fields
        if known:
            del fields["code"]
            fields["reason"].required = "preview" not in self.data  # only what is kept has a reason
        else:
            del fields["reason"], fields["after"]
        units = dict(UNITS)
        if known and known.unit not in units:
            units[known.unit] = known.unit
        fields["unit"].choices = [(str(code), words) for code, words in units.items()]
        fields["where"] = forms.ModelChoiceField(
            label=_("Preview in"), queryset=programmes, to_field_name="code", empty_label=None
        )
        fields["where"].label_from_instance = lambda one: one.title

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if code in self.offered.figures:
            raise ValidationError(_("There is a figure with this code: make its next version instead."))
        return code

    def clean(self) -> dict:
        if "reason" in self.fields:
            self.fields["reason"].required = True  # as the page shows it
        return super().clean()

    @property
    def which(self) -> str:
        return self.known.code if self.known else self.cleaned_data["code"]

    @property
    def said(self) -> dict:
        """What a version is made of."""
        return {name: self.cleaned_data[name] for name in (*WORDS, *MORE) if name in self.cleaned_data}


def first_said(known: Definition | None, row: IndicatorVersion | None, offered: Offered) -> dict:
    """How the form starts: as the newest version stands, in both languages."""
    if known is None:
        return initial_of({}, offered) | {"unit": Unit.PERCENT, "level": Level.OUTCOME}
    told = {"name": known.name, "numerator": known.numerator, "denominator": known.denominator}
    words = {name: getattr(row, name) for name in WORDS} if row else words_of(**told)
    plain = {name: getattr(known, name) for name in ("unit", "standard", "level", "kirkpatrick")}
    taken = {"disaggregations": list(known.disaggregations), "after": known.version}
    return words | plain | taken | initial_of(known.how, offered)


def once_more(form: DefinitionForm, sent: QueryDict) -> dict:
    """What was chosen so far, for showing the form again without a word about what is lacking."""
    fields = form.fields.items()
    return {name: field.widget.value_from_datadict(sent, {}, name) for name, field in fields}
