"""Where RocketLead's flows and forms send to: no session, no cookie, a secret in the address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def events(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    """What a flow's HTTP request node sends (contract 6.3)."""
    return JsonResponse({"result": "not_found"}, status=404)


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def forms(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    """What the form webhook sends (contract 7.2)."""
    return JsonResponse({"result": "not_found"}, status=404)
