"""The public form for mentors: the same questions as on a mentor's page, for somebody without an account."""

from datetime import datetime

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from lib.doors import Guarded
from mentoring.forms.profiles import About, OfferForm
from mentoring.profiles import applying
from people.models import Programme
from training.forms.operations import Operation


class MentorApplicationForm(Guarded, Operation, About, OfferForm):
    door = applying.DOOR
    YOU = ("name", "email", "phone", "language", "municipality", "region", "organisation", "role", "bio")
    CAN = ("functions", "sectors", "languages")
    OFFER = ("capacity", "hours", "per", "reach", "on_premises", "online", "wishes")

    def __init__(self, *args, programme: Programme, now: datetime, **kwargs):
        self.programme, self.now = programme, now
        super().__init__(*args, **kwargs)
        spoken = [pair for pair in User.Language.choices if pair[0] in programme.tenant.languages]
        self.fields |= {
            "name": forms.CharField(label=_("First name and surname"), max_length=150),
            "email": forms.EmailField(
                label=_("E-mail"),
                help_text=_("We send a link there: the application counts once you open it."),
            ),
            "phone": forms.CharField(label=_("Phone"), max_length=40, required=False),
            "language": forms.ChoiceField(
                label=_("Language in which we write to you"),
                choices=spoken or User.Language.choices,
                initial=get_language(),
            ),
            "organisation": forms.CharField(
                label=_("Whom you work for"),
                max_length=200,
                required=False,
                help_text=_("So that nobody is guided by somebody with a conflict of interest."),
            ),
            "role": forms.CharField(label=_("Your role there"), max_length=100, required=False),
            "bio": forms.CharField(
                label=_("About you"),
                max_length=2000,
                widget=forms.Textarea({"rows": 5}),
                help_text=_("Entrepreneurs of the programme read it: what you did, what you can help with."),
            ),
            "agrees": forms.BooleanField(
                label=_("You may keep what I wrote here, to find entrepreneurs whom I can help.")
            ),
        }
        self.fields["agrees"].error_messages["required"] = _("Without this we may not keep your application.")
        self.fields["began"].initial = self.door.opened(programme.pk, now)

    def group(self, names) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def about_you(self) -> list[forms.BoundField]:
        return self.group(self.YOU)

    @property
    def you_can(self) -> list[forms.BoundField]:
        return self.group(self.CAN)

    @property
    def you_offer(self) -> list[forms.BoundField]:
        return self.group(self.OFFER)

    def said(self) -> dict:
        """What she wrote, as plain JSON: what is blank is left out. Her words about herself go to the
        language in which she wrote the form."""
        given = self.cleaned_data
        names = {*self.YOU, *self.CAN, *self.OFFER, "windows"} - {"name", "email", "phone", "language", "bio"}
        said = {name: given.get(name) for name in names}
        said["bio_sr" if (get_language() or "").startswith("sr") else "bio"] = given["bio"]
        if said["hours"] is None:
            said["per"] = None
        return {name: value for name, value in sorted(said.items()) if value not in (None, "", [])}
