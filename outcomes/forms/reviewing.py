"""What is said of an issue before it is released."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outcomes.document import key_of
from outcomes.models import Issue, IssueStep

LENGTH = IssueStep._meta.get_field("text").max_length


class ReviewForm(forms.Form):
    figure = forms.ChoiceField(label=gettext_lazy("Of which figure"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What is to be said"),
        required=False,
        max_length=LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, issue: Issue, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(key_of(one), f"{one['code']} {one['name']}") for one in issue.document["figures"]]
        self.fields["figure"].choices = [("", _("of the whole")), *named]
