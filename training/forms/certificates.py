"""What is asked about certificates: why one is revoked, what its check page shows, who signs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from training.models import Certificate, Signatory


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        error_messages={"required": _("Say why: revoking needs a reason.")},
        help_text=_("It stays with us. The check page says only that it was revoked, and when."),
    )


class ShowsForm(forms.Form):
    """What the holder lets the check page say."""

    shows = forms.MultipleChoiceField(
        label=_("The check page also says"),
        choices=[
            ("name", _("name")),
            ("hours", _("hours, and the rule they met")),
            ("modules", _("modules")),
            ("dates", _("days")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Nothing of this is shown unless it is ticked: only that the certificate is valid."),
    )

    @classmethod
    def of(cls, certificate: Certificate) -> "ShowsForm":
        return cls(initial={"shows": certificate.shows})


class InviteForm(forms.Form):
    """Whom to ask to check it: a bank, an employer."""

    email = forms.EmailField(label=_("E-mail of who shall check it"), max_length=254)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=User.Language)


class SignatoryForm(forms.ModelForm):
    class Meta:
        model = Signatory
        fields = ["name", "role", "role_sr", "position"]
        labels = {"position": _("Place in the row")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False

    def clean_position(self) -> int:
        said = self.cleaned_data["position"]
        return self.instance.position if said is None else said

    def _post_clean(self) -> None:
        """What is said is checked by the service, in the same words for every door."""
