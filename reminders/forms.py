from django import forms

from reminders.models import Rule


class RuleForm(forms.ModelForm):
    class Meta:
        model = Rule
        fields = ["is_on", "at_hour", "after_days"]
