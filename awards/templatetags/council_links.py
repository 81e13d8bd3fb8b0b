"""The link to one's ballots, for who sits in a council."""

from __future__ import annotations

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from awards.councils import sessions_of

register = template.Library()


@register.simple_tag(takes_context=True)
def ballot_link(context: RequestContext, label: str) -> SafeString:
    """A room of daily work as ``work_link`` draws it: not by a permission, but by a seat."""
    request = context["request"]
    if not sessions_of(request.user).exists():
        return SafeString()
    address = reverse("awards:ballots")
    current = SafeString(' aria-current="page"') if request.path.startswith(address) else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', address, current, label)
