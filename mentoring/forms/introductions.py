"""Introductions: to whom, when, and what came of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.forms import ServedForm, day_field
from mentoring.models import Introduction
from people.models import Organisation
from training.forms.operations import Operation


class CameForm(ServedForm):
    """What came of it; the pair says this as well as who runs the programme."""

    came_on = day_field(label=_("Since"), required=False)

    class Meta:
        model = Introduction
        fields = ["came", "came_on", "remark"]
        labels = {"came": _("What came of it"), "remark": _("Remark")}
        widgets = {"came": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["came"].choices = Introduction.Came.choices


class IntroduceForm(CameForm, Operation):
    """Somebody was brought together with somebody: a known organisation, or a name."""

    day = day_field(label=_("Day"))

    class Meta(CameForm.Meta):
        fields = ["kind", "name", "organisation", "day", "came", "came_on", "remark"]
        labels = CameForm.Meta.labels | {
            "kind": _("To whom"),
            "name": _("Name"),
            "organisation": _("Organisation, if it is known here"),
        }
        widgets = CameForm.Meta.widgets | {"kind": forms.RadioSelect}

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Introduction.Kind.choices
        self.fields["name"].required = False
        self.fields["organisation"].queryset = organisations
        self.fields["organisation"].empty_label = _("none of them")
        if not organisations.exists():
            del self.fields["organisation"]


def known_organisations(user, programme):
    return Organisation.objects.visible_to(user).filter(tenant=programme.tenant_id)
