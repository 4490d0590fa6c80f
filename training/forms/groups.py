"""A group of those who take part that is compared with the others."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.forms import ServedForm
from training.models import Group


class GroupForm(ServedForm):
    class Meta:
        model = Group
        fields = ["name", "name_sr", "is_control", "code"]
        help_texts = {
            "is_control": _("A control group is asked like the others, and takes part in nothing."),
            "code": _("How it is called in sheets. Empty: made from the name."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False


class ChosenForm(forms.Form):
    """One group for several people of a programme; none takes them out of theirs."""

    group = forms.ChoiceField(label=_("Group"), required=False)
    enrolment = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Choose at least one person.")}
    )

    def __init__(self, data, *, programme):
        super().__init__(data)
        self.fields["group"].choices = [("", "")] + [(one.code, one.title) for one in programme.groups.all()]
        theirs = programme.enrolments.values_list("pk", flat=True)
        self.fields["enrolment"].choices = [(pk, "") for pk in theirs]
