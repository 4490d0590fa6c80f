"""A questionnaire and its questions, as staff write them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.forms import ServedForm
from outcomes.asking.labels import labels
from outcomes.library.questionnaires import SHEETS
from outcomes.models import Edition, Item, Question, Questionnaire, Wording

AREA = forms.Textarea({"rows": 3})
CHOOSE = [("", gettext_lazy("choose"))]


class QuestionnaireForm(ServedForm):
    class Meta:
        model = Questionnaire
        fields = ["code", "name", "name_sr", "intro", "intro_sr"]
        widgets = {"intro": AREA, "intro_sr": AREA}
        help_texts = {"code": gettext_lazy("Small letters, digits and lines: after-fair. It stays.")}


class LibraryForm(forms.Form):
    key = forms.ChoiceField(label=gettext_lazy("A questionnaire of the library"))

    def __init__(self, *args, known: set[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.left = [(one.key, one.name) for one in SHEETS if one.key not in known]
        self.fields["key"].choices = [*CHOOSE, *self.left]


class KnownForm(forms.Form):
    """A question that the organisation has, in its newest words."""

    question = forms.ModelChoiceField(
        label=gettext_lazy("A question you have asked before"), queryset=Question.objects.none()
    )

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        tenant = edition.questionnaire.programme.tenant_id
        rows = Question.objects.filter(tenant=tenant).exclude(wordings=None)
        rows = rows.exclude(wordings__items__edition=edition).distinct()
        self.fields["question"].queryset = rows
        self.fields["question"].label_from_instance = self.labelled
        newest = Wording.objects.filter(question__in=rows).order_by("question", "number")
        self.newest = {one.question_id: one for one in newest}

    def labelled(self, question: Question) -> str:
        return f"{self.newest[question.pk].title} ({question.code})"

    @property
    def wording(self) -> Wording:
        return self.newest[self.cleaned_data["question"].pk]


class WordingForm(ServedForm):
    """How a question is put."""

    choices = forms.CharField(
        label=gettext_lazy("Choices, one on a line"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("code = in English = in Serbian, as: retail = A shop = Prodavnica"),
    )

    class Meta:
        model = Wording
        fields = [
            "text", "text_sr", "help", "help_sr", "choices", "lowest", "highest", "low_label", "low_label_sr",
            "high_label", "high_label_sr", "unit", "unit_sr", "currency",
        ]  # fmt: skip
        widgets = {name: forms.NumberInput({"class": "short"}) for name in ("lowest", "highest")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = self.instance.choices
            self.initial["choices"] = "\n".join(
                " = ".join(filter(None, (row["code"], row.get("en", ""), row.get("sr", "")))) for row in rows
            )

    def clean_choices(self) -> list[dict[str, str]]:
        lines = [line for line in self.cleaned_data["choices"].splitlines() if line.strip()]
        return [_choice(line) for line in lines]

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()


def _choice(line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split("=")]
    if not 2 <= len(parts) <= 3 or not all(parts[:2]):
        raise ValidationError(_("Write “%(line)s” as: code = in English = in Serbian.") % {"line": line})
    return {"code": parts[0], "en": parts[1], "sr": parts[2] if len(parts) == 3 else ""}


class QuestionForm(WordingForm):
    """A new question of the organisation's own."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=60,
        help_text=gettext_lazy("Small letters, digits and lines: net_income. It says for ever which it is."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of answer"), choices=Question.Kind.choices)
    is_guarded = forms.BooleanField(
        label=gettext_lazy("It tells of income, closure, jobs or loss"),
        required=False,
        help_text=gettext_lazy(
            "Funders then get a figure of it only where both of its sides are large enough. It stays so."
        ),
    )

    field_order = ["code", "kind", "is_guarded"]


class ItemForm(ServedForm):
    when = forms.MultipleChoiceField(
        label=gettext_lazy("Asked only of who answered"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Answers of one question above. None: it is asked of everybody."),
    )

    class Meta:
        model = Item
        fields = ["section", "section_sr", "is_required"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        above = self.instance.edition.items.filter(position__lt=self.instance.position)
        rows = [row for row in above.select_related("wording__question") if row.wording.codes]
        self.fields["when"].choices = [
            (f"{row.wording.question.code}={code}", f"{row.wording.title}: {label}")
            for row in rows
            for code, label in labels(row.wording)
        ]
        said = self.instance.shown_when
        self.initial["when"] = [f"{said['question']}={code}" for code in said.get("is", ())] if said else []

    def clean(self):
        pairs = [one.split("=", 1) for one in self.cleaned_data.pop("when", [])]
        if len({question for question, _code in pairs}) > 1:
            self.add_error("when", _("Choose answers of one question only."))
        when = {"question": pairs[0][0], "is": [code for _question, code in pairs]} if pairs else {}
        self.cleaned_data["shown_when"] = when
        return self.cleaned_data
