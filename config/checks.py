"""What must be true before anything starts: every route and every field has its line."""

from django.core.checks import Error, Tags, register

from config.policy import routes, table
from desk.field_map import field_map, model_fields


@register(Tags.security)
def policy_is_complete(app_configs, **kwargs) -> list[Error]:
    named = {name for name, _pattern in routes()}
    listed = {route for route, _method in table()}
    found = [
        Error(f"The route {name} has no line in config/policy.txt.", id="rasadnik.E001")
        for name in sorted(named - listed)
    ]
    found += [
        Error(f"config/policy.txt names {name}, which is no route.", id="rasadnik.E002")
        for name in sorted(listed - named)
    ]
    return found


@register(Tags.models)
def field_map_is_complete(app_configs, **kwargs) -> list[Error]:
    missing = sorted(model_fields() - set(field_map()))
    return [
        Error(f"The field {name} has no line in desk/field_map.txt.", id="rasadnik.E003") for name in missing
    ]
