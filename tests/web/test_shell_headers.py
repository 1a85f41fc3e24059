"""What every answer carries, whatever it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from structlog.testing import capture_logs

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["/sign-in/", "/sign-up/", "/health/live/", "/nowhere/", "/", "/sign-out/"]


def directives(response):
    policy = response["Content-Security-Policy"]
    return {part.split()[0]: part.split()[1:] for part in policy.split(";")}


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_every_answer_forbids_inline_and_foreign_code(client, address):
    policy = directives(client.get(address))
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert not [word for words in policy.values() for word in words if "unsafe" in word]


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_no_page_needs_what_the_policy_forbids(client, address):
    markup = client.get(address, follow=True).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", markup)
    assert not re.search(r"<script(?![^>]*\ssrc=)", markup)
    assert not re.search(r"""(src|href|action)=["'](https?:)?//""", markup)


@pytest.mark.django_db
def test_pages_are_kept_by_no_shared_cache_and_framed_by_nobody(staff_client):
    response = staff_client.get("/nowhere/")
    assert {"private", "no-cache"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_request_id_is_echoed_when_well_formed(client):
    response = client.get("/health/live/", headers={"X-Request-ID": "desk-7.abc_DEF-9"})
    assert response["X-Request-ID"] == "desk-7.abc_DEF-9"


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "no spaces here", "<script>1234"])
def test_request_id_is_made_when_missing_or_malformed(client, given):
    ids = {
        client.get("/health/live/", headers={"X-Request-ID": given})["X-Request-ID"] for _ in "12"
    }
    assert len(ids) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in ids)


@pytest.mark.django_db
def test_request_id_is_bound_for_the_logs_and_let_go_afterwards(client, monkeypatch):
    import structlog

    from bookingapp.web.views import health

    seen = []
    monkeypatch.setattr(
        health, "cache_answers", lambda: bool(seen.append(structlog.contextvars.get_contextvars()))
    )
    with capture_logs():
        response = client.get("/health/ready/")
    assert seen == [{"request_id": response["X-Request-ID"]}]
    assert "request_id" not in structlog.contextvars.get_contextvars()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in/", "/sign-out/", "/language/"])
def test_a_write_without_the_csrf_proof_is_refused_in_plain_words(address):
    response = Client(enforce_csrf_checks=True).post(address, {"language": "de"})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


@pytest.mark.django_db
def test_htmx_sends_the_csrf_proof_as_a_header(client):
    client.handler.enforce_csrf_checks = True
    page = client.get("/sign-in/").content.decode()
    token = re.search(r"""hx-headers='\{"X-CSRFToken": "(\w{64})"\}'""", page)[1]
    assert client.post("/language/", {"language": "de"}, HTTP_X_CSRFTOKEN=token).status_code == 302


def test_deploy_check_of_the_real_settings_is_silent(tmp_path):
    """In a process of its own: with the defaults of the product, not those of the tests."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout
