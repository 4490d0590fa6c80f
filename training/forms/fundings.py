"""A funder's share: for which days, of what, and how it wants to be read of."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.forms import ServedForm, day_field, one_of
from people.models import Funding, Organisation, Programme
from training.models import Module

DAY = timedelta(days=1)


class FundingForm(ServedForm):
    funder = forms.ModelChoiceField(None, label=_("Funder"), required=False, empty_label=_("a new one"))
    name = forms.CharField(label=_("Name of a new one"), max_length=200, required=False)
    name_sr = forms.CharField(label=_("Its name in Serbian"), max_length=200, required=False)
    last_day = day_field(label=_("Last day of the period"))
    threshold = forms.IntegerField(
        label=_("Smallest cell"),
        min_value=5,
        max_value=50,
        initial=5,
        error_messages={"min_value": _("No cell smaller than 5 may be shown: the floor cannot be lowered.")},
    )
    programmes = forms.ModelMultipleChoiceField(
        None, label=_("Programmes that it pays for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    modules = forms.ModelMultipleChoiceField(
        None,
        label=_("Only these modules"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: the whole programme."),
    )
    upload = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG or WebP; it is made smaller. Empty: the logo stays as it is."),
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
    )
    no_logo = forms.BooleanField(label=_("Take the logo off"), required=False)

    class Meta:
        model = Funding
        fields = ["code", "language", "start", "threshold", "woman_owned", "wording", "disclaimer"]
        widgets = {
            "start": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "wording": forms.Textarea({"rows": 3}),
            "disclaimer": forms.Textarea({"rows": 3}),
        }
        help_texts = {
            "language": _("Wording, disclaimer and summary are in it."),
            "wording": _(
                "The funder's own sentence: it stands on sheets, certificates, mails and summaries."
            ),
        }

    def __init__(self, *args, user: User, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Programme.objects.visible_to(user).filter(project=programme.project_id)
        self.fields["programmes"].queryset = mine
        paid = Module.objects.visible_to(user).filter(programme__in=mine.order_by())
        self.fields["modules"].queryset = paid.select_related("programme")
        self.fields["modules"].label_from_instance = lambda one: f"{one.programme.label}: {one.title}"
        self.fields["funder"].queryset = Organisation.objects.visible_to(user)
        if self.instance.pk:
            for name in ("funder", "name", "name_sr"):
                del self.fields[name]
            self.initial |= {
                "last_day": self.instance.end - DAY,
                "programmes": self.instance.programmes.all(),
                "modules": self.instance.modules.all(),
            }
        else:
            self.initial.setdefault("programmes", [programme.pk])
            del self.fields["no_logo"]

    def clean(self):
        if "funder" in self.fields:
            one_of(self, "funder", "name")

    def said(self) -> dict:
        """For the service: half-open, without what becomes a file."""
        said = dict(self.cleaned_data)
        said["end"] = said.pop("last_day") + DAY
        for name in ("upload", "no_logo"):
            said.pop(name, None)
        return said
