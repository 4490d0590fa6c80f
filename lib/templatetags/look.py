"""Small tags of the pages' look. A builtin library: no template needs to load it."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from lucide import _render_icon

register = template.Library()

CYRILLIC = re.compile(r"[\u0400-\u04ff]")
LANGUAGE_TAGS = {"sr": "sr-Cyrl", "sr-latn": "sr-Latn"}


@register.simple_tag
def html_lang(code=None):
    """The language as browsers and screen readers name it: `sr` is Serbian in Cyrillic letters."""
    code = code or get_language() or "en"
    return LANGUAGE_TAGS.get(code, code)


@register.simple_tag
def icon(name, size=24):
    """A lucide icon for the eye only; the word for it stands beside it."""
    return mark_safe(_render_icon(name, size, aria_hidden="true"))  # from the package's files


@register.simple_tag
def name(text):
    """A name or a typed text, marked with its own script where the page speaks another, so that it is read
    aloud and hyphenated as what it is. `{% name person.display_name %}`"""
    text = str(text or "")
    own = "sr-Cyrl" if CYRILLIC.search(text) else "sr-Latn"
    page = html_lang()
    if not text or page == own or (own == "sr-Latn" and not page.endswith("Cyrl")):
        return text
    return format_html('<span lang="{}">{}</span>', own, text)


@register.simple_tag
def share(value, total):
    """`value` of `total` in per cent of a drawing's width, as SVG wants it: `71.5%`; of nothing it is 0."""
    if not total or value is None:
        return "0%"
    return f"{max(0.0, min(100.0, 100 * float(value) / float(total))):.2f}".rstrip("0").rstrip(".") + "%"


@register.inclusion_tag("components/bar.html")
def bar(value, total, tone="fill", low=None, high=None, track=False):
    """A horizontal bar as wide as its column. tone: fill, soft, sun, clay; low and high draw an interval."""
    return {
        "width": share(value, total),
        "tone": tone,
        "track": track,
        "low": None if low in (None, "") else share(low, total),
        "high": None if high in (None, "") else share(high, total),
    }


@register.inclusion_tag("components/field.html")
def field(bound):
    """One form field with label, help and errors, tied together: `{% field form.name %}`"""
    return {"field": bound, "group": bound.use_fieldset}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms):
    """What is wrong in these forms, each with a link to its field; nothing when nothing is wrong."""
    bound = [form for form in forms if form is not None and form.is_bound]
    return {
        "general": [error for form in bound for error in form.non_field_errors()],
        "fields": [one for form in bound for one in form if one.errors],
    }


@register.inclusion_tag("components/withheld.html")
def withheld(reason="", href=""):
    """The mark for a figure that is not shown, with its reason; `href` leads to the note that explains it."""
    return {"reason": reason, "href": href}
