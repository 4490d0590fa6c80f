"""What every page of a programme's outcomes shows above its own content."""

from django import template

from outcomes import parts
from people.models import Programme

register = template.Library()


@register.simple_tag(takes_context=True)
def outcome_parts(context, programme: Programme) -> list[parts.Part]:
    return parts.parts(context["request"], programme)
