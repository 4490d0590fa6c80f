"""What the first-run page asks, as values."""

from email.utils import getaddresses
from itertools import groupby
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.forms import plain
from accounts.models import User
from lib import mail
from lib.folding import fold
from people.models import Programme

MOST_INVITED = 40
CONTINENTS = (
    "Europe",
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Indian",
    "Pacific",
)


def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """All places whose clocks are known, by continent, as a choice."""
    places = sorted(
        (CONTINENTS.index(zone.split("/")[0]), zone)
        for zone in available_timezones()
        if zone.split("/")[0] in CONTINENTS
    )
    by_continent = groupby((zone.split("/", 1) for _order, zone in places), key=lambda parts: parts[0])
    return [
        (continent, [(f"{continent}/{place}", place.replace("_", " ")) for _name, place in found])
        for continent, found in by_continent
    ] + [("UTC", [("UTC", "UTC")])]


class SecretForm(forms.Form):
    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        help_text=gettext_lazy(
            "Five groups of five letters and digits, from the address printed at the first start."
        ),
        max_length=100,
        strip=True,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class AddressesField(forms.CharField):
    """Addresses, one a line, with a name before them or without: a list of (name, address)."""

    widget = forms.Textarea({"rows": 3, "autocomplete": "off", "spellcheck": "false"})

    def to_python(self, value) -> list[tuple[str, str]]:
        lines = [line.strip(" ,;\t") for line in (super().to_python(value) or "").splitlines()]
        found = {}
        for number, line in enumerate(lines, 1):
            if line:
                name, address = self._read(number, line)
                found.setdefault(address, (name, address))
        return list(found.values())

    def _read(self, number: int, line: str) -> tuple[str, str]:
        read = getaddresses([line])
        if len(read) != 1:
            raise ValidationError(
                _("Line %(line)d: write one address a line.") % {"line": number}, code="addresses"
            )
        try:
            address = plain(mail.one_address(read[0][1]))
        except ValidationError as error:
            words = {"line": number, "error": error.messages[0]}
            raise ValidationError(_("Line %(line)d: %(error)s") % words, code="address") from None
        return read[0][0].strip()[:200], address


class SetUpForm(forms.Form):
    """Organisation, administrator, first programme, invitations: all of it, or nothing."""

    organisation = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages that people may choose"),
        choices=User.Language,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of who has not chosen yet"), choices=User.Language
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zones, initial="Europe/Belgrade")

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        help_text=gettext_lazy("A code is sent there to sign you in: now, and each time."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    own_language = forms.ChoiceField(label=gettext_lazy("Your language"), choices=User.Language)

    programme = forms.CharField(label=gettext_lazy("Name of the programme"), max_length=200)
    code = forms.SlugField(
        label=gettext_lazy("Its code in addresses"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Letters, digits and hyphens. Left empty, it is made from the name."),
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
    )
    start = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    participants = forms.ChoiceField(
        label=gettext_lazy("What its people are called"),
        choices=Programme.Participants,
        initial=Programme.Participants.ENTREPRENEURS,
    )

    coordinators = AddressesField(
        label=gettext_lazy("Coordinators"),
        required=False,
        help_text=gettext_lazy("They run the programme. One address a line, a name before it if you like."),
    )
    trainers = AddressesField(
        label=gettext_lazy("Trainers"),
        required=False,
        help_text=gettext_lazy("They hold sessions and keep the register."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["languages"].initial = [code for code, _name in settings.LANGUAGES]
        for name in ("language", "own_language"):
            self.fields[name].initial = get_language()

    def clean_email(self) -> str:
        return plain(mail.one_address(self.cleaned_data["email"]))

    def clean(self) -> dict:
        said = super().clean()
        self._check_languages(said)
        if said.get("programme") and not said.get("code") and "code" not in self.errors:
            said["code"] = slugify(fold(said["programme"]))[:60] or "programme"
        if said.get("start") and said.get("last_day") and said["last_day"] < said["start"]:
            self.add_error("last_day", _("A programme does not end before it starts."))
        if len(said.get("coordinators", [])) + len(said.get("trainers", [])) > MOST_INVITED:
            self.add_error(
                "trainers", _("Invite the first %(most)d now, the others later.") % {"most": MOST_INVITED}
            )
        return said

    def _check_languages(self, said: dict) -> None:
        offered = said.get("languages")
        for name in ("language", "own_language"):
            if offered and said.get(name) and said[name] not in offered:
                self.add_error(name, _("This language is not among those that people may choose."))

    def mail_address(self) -> tuple[str, str]:
        """The address alone, for a test of the mail before the rest is there, and what is wrong with it."""
        try:
            return plain(mail.one_address(self.fields["email"].clean(self["email"].value()))), ""
        except ValidationError as error:
            return "", error.messages[0]

    def take(self, error: ValidationError) -> None:
        """Show what a service refused, at the field where it was typed."""
        typed = {"name": "programme", "zone": "zone", "start": "start", "end": "last_day", "code": "code"}
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(typed.get(name), errors)
