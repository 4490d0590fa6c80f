"""One rule, its words in one language, and the quiet hours."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.forms import ServedForm
from reminders import sayings
from reminders.kinds import KINDS
from reminders.models import QuietHours, Rule, RuleText


class RuleForm(ServedForm):
    """What means something for its kind, nothing else."""

    class Meta:
        model = Rule
        fields = ["is_on", "audience", "at_hour", "after_days", "condition", "module", "channel"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kind = KINDS[self.instance.kind]
        self._choose("audience", kind.audiences, _("everybody whom it concerns"))
        self._choose("condition", kind.conditions, _("always"))
        self.fields["at_hour"] = forms.TypedChoiceField(
            label=_("At"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)]
        )
        self.fields["after_days"].label = capfirst(sayings.days_of(self.instance))
        modules = self.instance.programme.modules.all()
        self.fields["module"].queryset, self.fields["module"].empty_label = modules, _("all modules")
        taken = {
            "at_hour": kind.takes_hour,
            "after_days": kind.takes_days,
            "audience": kind.audiences,
            "condition": kind.conditions,
            "module": kind.takes_module,
        }
        for name in [name for name, means_something in taken.items() if not means_something]:
            del self.fields[name]

    def _choose(self, name: str, known, everybody) -> None:
        choices = [("", everybody), *((code, capfirst(str(words))) for code, words in known.items())]
        label = capfirst(Rule._meta.get_field(name).verbose_name)
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)


class TextForm(ServedForm):
    class Meta:
        model = RuleText
        fields = ["subject", "text"]
        widgets = {"text": forms.Textarea({"rows": 8})}
        help_texts = {"text": _("An empty line begins a new paragraph. The link stands below.")}


class QuietHoursForm(ServedForm):
    class Meta:
        model = QuietHours
        fields = ["starts", "ends"]
        widgets = {name: forms.TimeInput({"type": "time"}, format="%H:%M") for name in ("starts", "ends")}


class TestForm(forms.Form):
    """In which language the test message to oneself is."""

    language = forms.ChoiceField(label=_("Language"), choices=User.Language)
