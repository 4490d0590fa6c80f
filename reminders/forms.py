from django import forms

from reminders.models import Rule


class RuleForm(forms.ModelForm):
    class Meta:
        model = Rule
        fields = ["is_on", "at_hour", "after_days"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.kind == Rule.Kind.SESSION_TOMORROW:  # its day is always the one before
            self.fields["after_days"].widget = forms.HiddenInput()
