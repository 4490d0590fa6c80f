"""Keying a signed sheet in: a field for each mark, codes in it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from training.forms.operations import Operation
from training.models import PaperSheet, Session, Status

CODES = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


def codes(label: str, example: str, **options) -> forms.CharField:
    widget = forms.TextInput(CODES | {"placeholder": example})
    return forms.CharField(label=label, required=False, max_length=4000, widget=widget, **options)


class KeyingForm(Operation):
    """Codes are parted by spaces or commas; where a time belongs to a mark, it follows its code."""

    paper = forms.ModelChoiceField(
        queryset=PaperSheet.objects.none(), label=_("Which sheet"), empty_label=None, required=True
    )
    present = forms.CharField(
        label=_("Signed: present"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(CODES | {"rows": 3, "placeholder": "A1 A3 B2"}),
    )
    late = codes(_("Came late, with the time"), "A4 10:20 B7 10:45")
    left_early = codes(_("Left early, with the time"), "A5 13:00")
    half_day = codes(_("Signed for half the day"), "A6")
    excused = codes(_("Excused"), "A8")
    absent = codes(_("Absent"), "A9")
    rest = forms.ChoiceField(
        label=_("Whoever is not named here and not marked yet"),
        choices=[
            ("", _("stays not marked")),
            (Status.ABSENT, _("was absent")),
            (Status.PRESENT, _("was present")),
        ],
        required=False,
    )
    reason = forms.CharField(label=_("Reason of the correction"), max_length=300, required=False)

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["paper"].queryset = session.papers.select_related("file").order_by("-pk")
        self.fields["paper"].label_from_instance = _shown
        if not session.closed_at:
            del self.fields["reason"]


def _shown(sheet: PaperSheet) -> str:
    return _("Sheet %(number)s") % {"number": sheet.pk}
