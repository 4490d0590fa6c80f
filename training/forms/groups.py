"""A group of those who take part that is compared with the others."""

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
