"""One rule of who may take part; an answer, an exception, a decision over many."""

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Funding, Organisation, Person, Programme
from people.sectors import SECTORS
from training.eligibility.judging import Kind
from training.models import EligibilityRule, Enrolment


class RuleForm(forms.Form):
    """What a rule of its kind holds, nothing else."""

    def __init__(self, *args, programme: Programme, kind: str, rule: EligibilityRule | None = None, **kwargs):
        self.kind = kind
        kwargs.setdefault("initial", _initial(rule) if rule else {})
        super().__init__(*args, **kwargs)
        self.fields |= _fields(kind, programme)
        self.fields["funding"] = forms.ModelChoiceField(
            Funding.objects.filter(scopes__programme=programme).select_related("funder"),
            label=_("Whose rule is it?"),
            required=False,
            empty_label=_("the programme's: it binds"),
            help_text=_("A funder's rule is that funder's own view, and binds nobody."),
        )

    def said(self) -> dict:
        given = dict(self.cleaned_data)
        values = given.pop("values", [])
        if isinstance(values, str):
            values = [line.strip() for line in values.splitlines() if line.strip()]
        if self.kind == Kind.CLUSTER:
            values = [row.pk for row in values]
        if "wanted" in given:
            given["wanted"] = given["wanted"] == "yes"
        return given | {"kind": self.kind, "values": list(values)}


def _initial(rule: EligibilityRule) -> dict:
    said = {name: getattr(rule, name) for name in ("funding", "years", "question", "question_sr", "values")}
    if rule.kind in (Kind.MUNICIPALITY, Kind.REGION):
        said["values"] = "\n".join(rule.values)
    if rule.kind == Kind.WOMAN_OWNED:
        said["values"] = rule.values[0] if rule.values else ""
    return said | {"wanted": "yes" if rule.wanted else "no"}


def _fields(kind: str, programme: Programme) -> dict[str, forms.Field]:
    boxes = forms.CheckboxSelectMultiple
    if kind == Kind.ESTABLISHED_WITHIN:
        years = forms.IntegerField(
            label=_("At most so many years before the first session"), min_value=1, max_value=50
        )
        return {"years": years}
    if kind == Kind.SEX:
        said = [pair for pair in Person.Sex.choices if pair[0] != Person.Sex.NOT_SAID]
        return {"values": forms.MultipleChoiceField(label=_("Who fits"), choices=said, widget=boxes)}
    if kind in (Kind.MUNICIPALITY, Kind.REGION):
        lines = forms.Textarea({"rows": 4})
        return {"values": forms.CharField(label=_("One a line"), max_length=5000, widget=lines)}
    if kind == Kind.SECTOR:
        return {
            "values": forms.MultipleChoiceField(label=_("Sectors"), choices=SECTORS.items(), widget=boxes)
        }
    if kind == Kind.CLUSTER:
        clusters = Organisation.objects.filter(tenant=programme.tenant_id, kind="cluster")
        help_text = _("None chosen: any cluster. A union stands for all clusters below it.")
        return {
            "values": forms.ModelMultipleChoiceField(
                clusters, label=_("Clusters"), required=False, widget=boxes, help_text=help_text
            )
        }
    if kind == Kind.WOMAN_OWNED:
        return {"values": _definition()}
    return _question()


class _One(forms.ChoiceField):
    def clean(self, value) -> list[str]:
        found = super().clean(value)
        return [found] if found else []


def _definition() -> forms.Field:
    return _One(
        label=_("Owned by women means: a woman …"),
        choices=[("", _("as the funder chosen below defines it")), *Funding.Rule.choices],
        required=False,
    )


def _question() -> dict[str, forms.Field]:
    fits = [("yes", _("yes")), ("no", _("no"))]
    return {
        "question": forms.CharField(label=_("Question"), max_length=300),
        "question_sr": forms.CharField(label=_("Question in Serbian"), max_length=300, required=False),
        "wanted": forms.ChoiceField(
            label=_("The answer that fits"), choices=fits, widget=forms.RadioSelect, initial="yes"
        ),
    }


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason of the exception"), max_length=300)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("yes", ""), ("no", ""), ("unknown", "")])

    def said(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["answer"])


class DecisionForm(forms.Form):
    """One state for several people; `sure` after the preview."""

    STATES = (Enrolment.State.ENROLLED, Enrolment.State.WAITLISTED, Enrolment.State.DECLINED)
    MOST = 200

    state = forms.ChoiceField(choices=[(state.value, state.label) for state in STATES])
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    sure = forms.BooleanField(required=False)
    enrolment = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Choose at least one person.")}
    )

    def __init__(self, data, *, enrolments):
        super().__init__(data)
        self.fields["enrolment"].choices = [(pk, "") for pk in enrolments]
