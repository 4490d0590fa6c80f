"""What people type of an idea: on a phone, for somebody, or in other words."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from ideas import clusters
from ideas.here import Here
from ideas.models import Aim, Idea, IdeaText
from ideas.sectors import CHOICES
from people.models import Organisation, Programme
from training.models import Enrolment


class IdeaForm(forms.Form):
    """The words of an idea. Title and sector come first; the rest may wait. `operation` names this form, so
    that sending it twice is one idea."""

    title = forms.CharField(
        label=gettext_lazy("The idea in a few words"), max_length=IdeaText._meta.get_field("title").max_length
    )
    summary = forms.CharField(
        label=gettext_lazy("In one or two sentences"),
        required=False,
        max_length=IdeaText._meta.get_field("summary").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False)
    problem = forms.CharField(
        label=gettext_lazy("Which problem does it solve?"), required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    customer = forms.CharField(
        label=gettext_lazy("Who would pay for it?"), required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    stage = forms.ChoiceField(label=gettext_lazy("How far is it?"), required=False)
    aims = forms.ModelMultipleChoiceField(
        Aim.objects.none(),
        label=gettext_lazy("What it serves"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    operation = forms.UUIDField(widget=forms.HiddenInput)

    LATER = ("problem", "customer", "stage", "aims")  # behind one tap

    def __init__(self, *args, programme: Programme, similar_url: str = "", **kwargs):
        kwargs["initial"] = {"operation": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", _("not sure")), *CHOICES]
        self.fields["stage"].choices = [("", _("not said")), *Idea.Stage.choices]
        aims = self.fields["aims"]
        aims.queryset, aims.label_from_instance = programme.aims.all(), lambda aim: aim.title
        if similar_url:  # a few letters after the last key: which ideas sound like it
            self.fields["title"].widget.attrs |= {
                "data-hx-get": similar_url,
                "data-hx-trigger": "input changed delay:400ms",
                "data-hx-target": "#alike",
                "data-hx-sync": "this:replace",
                "autocomplete": "off",
            }

    @property
    def later(self) -> list:
        return [self[name] for name in self.LATER if name != "aims" or self.fields["aims"].queryset]

    @property
    def later_is_open(self) -> bool:
        return any(self.errors.get(name) for name in self.LATER) if self.is_bound else False

    def words(self) -> dict:
        """What the services take."""
        names = ("title", "summary", "problem", "customer", "sector", "stage", "aims")
        return {name: self.cleaned_data[name] for name in names}


class RecordedForm(IdeaForm):
    """What who records ideas may add: the cluster, the language, a note that stays among them."""

    cluster = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Cluster"), required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of these words"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Private note"), required=False,
        max_length=Idea._meta.get_field("note").max_length,
        help_text=gettext_lazy("Read by who records ideas; never by reviewers, nor by who nominated it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    LATER = (*IdeaForm.LATER, "cluster", "language", "note")

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, programme=programme, **kwargs)
        self.fields["language"].choices = [("", _("not said")), *User.Language.choices]
        offered = clusters.offered(programme)
        if now := self.initial.get("cluster"):  # whatever it belongs to already may stay
            offered = offered | Organisation.objects.filter(pk=now)
        self.fields["cluster"].queryset = offered
        self.fields["cluster"].empty_label = _("none, or not known")

    def words(self) -> dict:
        return super().words() | {name: self.cleaned_data[name] for name in ("cluster", "language", "note")}


class IdeaForSomebodyForm(RecordedForm):
    """A trainer types the idea of somebody: she says whose by row code or name."""

    who = forms.CharField(
        label=gettext_lazy("Whose idea is it?"), help_text=gettext_lazy("Row code or name"), max_length=200
    )
    upload = forms.FileField(
        label=gettext_lazy("A file"), required=False,
        help_text=gettext_lazy("PDF, picture, XLSX, ODS, DOCX, ODT, CSV or TXT, up to 10 MB."),
    )  # fmt: skip
    field_order = ["who"]

    LATER = (*RecordedForm.LATER, "upload")

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, programme=programme, **kwargs)
        self.here = Here.of(programme)
        self.fields["who"].widget.attrs |= {"list": "people", "autocomplete": "off"}

    def clean_who(self) -> Enrolment:
        return self.here.find(self.cleaned_data["who"])


class FileForm(forms.Form):
    """A file that hangs on an idea."""

    file = forms.FileField(
        label=gettext_lazy("A file"),
        help_text=gettext_lazy(
            "PDF, picture, XLSX, ODS, DOCX, ODT, CSV or TXT, up to 10 MB. Reviewers read it too, without its"
            " name: leave the names of people out of it while a round is blind."
        ),
    )
