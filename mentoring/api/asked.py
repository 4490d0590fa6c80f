"""Fields that several resources of mentoring ask for."""

from rest_framework import serializers


def list_of(choices, **kwargs):
    return serializers.ListField(
        child=serializers.ChoiceField(choices=choices), required=False, max_length=30, **kwargs
    )


class WindowSerializer(serializers.Serializer):
    """Wall time in the programme's zone, half-open."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="From Monday, which is 0.")
    start = serializers.RegexField(r"^([01]\d|2[0-3]):[0-5]\d$", help_text="17:00")
    end = serializers.RegexField(r"^([01]\d|2[0-3]):[0-5]\d$", help_text="20:00")


def windows_field():
    return WindowSerializer(many=True, required=False, max_length=50)
