"""A lead as a card, rendered once for all who see the same of it."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from bookingapp.web.presenters.lead_card import Card
from bookingapp.web.templatetags.desk import age

register = template.Library()

# A card is about 2 kB: the boards that a process shows at the same time.
MOST_KEPT = 4_000


@register.simple_tag
def lead_card(card: Card) -> SafeString:
    """The card as it stands: the same values in the same language are the same markup."""
    return _markup(card, age(timezone.now() - card.created_at), get_language())


@lru_cache(maxsize=MOST_KEPT)
def _markup(card: Card, _age: str, _language: str | None) -> SafeString:
    return mark_safe(render_to_string("leads/card.html", {"card": card}))  # noqa: S308 - a template's own
