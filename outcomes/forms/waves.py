"""When a questionnaire is asked. People write the last day, the row keeps the day after."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.forms import ServedForm, day_field
from outcomes.models import Edition, Wave
from people.models import Programme
from training.models import Module

ONE_DAY = timedelta(days=1)


class WaveForm(ServedForm):
    opens = day_field(label=gettext_lazy("First day"), required=False)
    closes = day_field(label=gettext_lazy("Last day"), required=False)

    class Meta:
        model = Wave
        fields = ["edition", "kind", "months", "module", "opens", "closes", "is_retrospective"]
        labels = {"edition": gettext_lazy("What is asked"), "module": gettext_lazy("After which module")}
        widgets = {"months": forms.NumberInput({"min": 1, "max": 120, "class": "short"})}
        help_texts = {
            "months": gettext_lazy("Only for one that is asked months after the end: 3, 6, 12."),
            "module": gettext_lazy("Only for one that is asked after a module."),
            "is_retrospective": gettext_lazy(
                "Asked only later how it was before: it is never counted together with a measured beginning."
            ),
        }

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        editions = Edition.objects.filter(questionnaire__programme=programme, published_at__isnull=False)
        editions = editions.select_related("questionnaire").order_by("questionnaire", "-number")
        self.fields["edition"].queryset = editions
        self.fields["edition"].label_from_instance = lambda one: (
            _("%(name)s, edition %(number)s")
            % {
                "name": one.questionnaire.title,
                "number": one.number,
            }
        )
        self.fields["module"].queryset = Module.objects.filter(programme=programme)
        self.fields["kind"].choices = Wave.Kind.choices
        if self.instance.closes:
            self.initial["closes"] = self.instance.closes - ONE_DAY

    def clean(self):
        opens, closes = self.cleaned_data.get("opens"), self.cleaned_data.get("closes")
        if opens and closes and closes < opens:
            self.add_error("closes", _("A wave closes after it opens."))
        elif closes:
            self.cleaned_data["closes"] = closes + ONE_DAY
        return self.cleaned_data
