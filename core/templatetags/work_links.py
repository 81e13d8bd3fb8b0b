"""The links of daily work, each for those who may."""

from __future__ import annotations

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def work_link(
    context: RequestContext, name: str, label: str, *permissions: str, also: str = ""
) -> SafeString:
    """A room of daily work as a line of the list, for who holds any of ``permissions`` somewhere.

    It is marked as the current one on all pages whose address begins with its own, or with that of ``also``.
    """
    if not any(permission in context["may"] for permission in permissions):
        return SafeString()
    path, rooms = context["request"].path, [reverse(room) for room in (name, also) if room]
    current = SafeString(' aria-current="page"') if path.startswith(tuple(rooms)) else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', rooms[0], current, label)
