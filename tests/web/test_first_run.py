"""An empty installation leads its first admin through, and lets nobody else."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bookingapp.domain import first_run
from bookingapp.domain.models import AuditEvent, Invitation, Organisation, Role
from tests.web.organisation_world import ADDRESS, SECRET, put_in_place

pytestmark = pytest.mark.django_db
CODE = "abcd-efgh-2345"
PASSWORD = "three-wise-otters-knit"
MINE = {"code": CODE, "username": "owner", "email": "", "password": PASSWORD}
NEW = {"act": "connect", "name": "Praxis Süd", "connect_url": ADDRESS, "secret": SECRET}


@pytest.fixture(autouse=True)
def _code(settings):
    settings.SETUP_CODE = CODE


@pytest.fixture
def told(monkeypatch):
    return put_in_place(monkeypatch)


@pytest.fixture
def owner():
    client = Client()
    assert client.post(reverse("welcome"), MINE).status_code == 302
    return client


@pytest.fixture
def practice(settings, tmp_path):
    """A sandbox that `make run` described."""
    lead = {"id": "entry_1", "tableId": "tbl_1", "data": {"name": "Zoë"}, "leadState": "ls_1"}
    note = {
        "name": "Practice",
        "connect_url": "http://127.0.0.1:8001",
        "tokens": [{"secret": SECRET, "label": "read"}, {"secret": f"{SECRET}x", "label": "write"}],
        "leads": [json.dumps(lead)],
    }
    settings.PRACTICE_FILE = str(tmp_path / "practice.json")
    (tmp_path / "practice.json").write_text(json.dumps(note))


def markup(response):
    return response.content.decode()


def test_an_empty_installation_leads_to_its_first_step(client):
    assert client.get("/")["Location"] == reverse("welcome")
    text = markup(client.get(reverse("welcome")))
    assert "Setup code" in text
    assert CODE not in text


@pytest.mark.parametrize("typed", [CODE, " ABCD-EFGH-2345 ", "abcdefgh2345"])
def test_the_code_makes_the_first_account_however_it_is_spelled(client, typed):
    answer = client.post(reverse("welcome"), MINE | {"code": typed})
    assert answer["Location"] == reverse("welcome-organisation")
    owner = get_user_model().objects.get()
    assert (owner.username, owner.is_superuser, owner.check_password(PASSWORD)) == (
        "owner",
        True,
        True,
    )
    assert client.get(answer["Location"]).status_code == 200
    assert AuditEvent.objects.get(action="installation.claimed").person == owner


@pytest.mark.parametrize("typed", ["", "wrong", "abcd-efgh-2346", CODE[:-1], "é" * 300])
def test_without_the_code_there_is_no_account(client, typed):
    answer = client.post(reverse("welcome"), MINE | {"code": typed})
    assert answer.status_code == 422
    assert "This is not the setup code of this installation." in markup(answer)
    assert not get_user_model().objects.exists()
    event = AuditEvent.objects.get(action="installation.refused")
    assert event.details == {}


def test_where_no_code_is_set_nothing_typed_is_one(client, settings):
    settings.SETUP_CODE, settings.EMBEDDED = "", False
    assert first_run.code() == ""
    assert client.post(reverse("welcome"), MINE | {"code": ""}).status_code == 422
    assert "SETUP_CODE" in markup(client.get(reverse("welcome")))


def test_tries_are_counted(client):
    cache.clear()
    answers = [
        client.post(reverse("welcome"), MINE | {"code": f"wrong-{number}"}).status_code
        for number in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2
    assert client.post(reverse("welcome"), MINE).status_code == 429
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"username": ""}, "Choose a user name."),
        ({"username": "a b/c"}, "2 to 150 letters, digits and . + - _ only."),
        ({"password": ""}, "Too short: at least 8 characters."),
        ({"password": "password"}, "Too common:"),
        ({"password": "1234567890123"}, "Only digits: use letters too."),
        ({"email": "me"}, "This is no email address."),
        ({"username": "kim@example.com"}, "2 to 150 letters, digits and . + - _ only."),
    ],
)
def test_the_account_follows_the_rules_of_all_accounts(client, typed, words):
    answer = client.post(reverse("welcome"), MINE | typed)
    assert answer.status_code == 422
    assert words in markup(answer)
    assert PASSWORD not in markup(answer)
    assert not get_user_model().objects.exists()


def test_a_claimed_installation_is_claimed_by_nobody_else(owner):
    stranger = Client()
    assert stranger.get("/")["Location"].startswith("/sign-in/")
    assert stranger.get(reverse("welcome"))["Location"] == reverse("account_login")
    again = stranger.post(reverse("welcome"), MINE | {"username": "second"})
    assert again["Location"] == reverse("account_login")
    assert get_user_model().objects.count() == 1


def test_the_code_of_the_data_folder_is_gone_once_it_was_used(client, settings, tmp_path):
    settings.SETUP_CODE, settings.DATA_DIR = "", tmp_path
    code = first_run.code()
    assert (tmp_path / "setup_code").read_text() == code
    assert len(code.replace("-", "")) == 12
    client.post(reverse("welcome"), MINE | {"code": code})
    assert get_user_model().objects.count() == 1
    assert not (tmp_path / "setup_code").exists()


def test_who_claims_is_admin_of_what_was_set_up_already(client, organisation):
    client.post(reverse("welcome"), MINE)
    assert Role.objects.get().organisation == organisation


def test_the_whole_way_and_back_at_every_step(owner, told):
    assert owner.get("/", follow=True).redirect_chain[-1][0] == reverse("welcome-organisation")
    assert owner.post(reverse("welcome-organisation"), NEW)["Location"] == reverse("welcome-use")
    made = Organisation.objects.get()
    chosen = markup(owner.get(reverse("welcome-use")))
    assert "Nord" in chosen
    assert reverse("welcome-organisation") in chosen
    assert owner.get(reverse("welcome"))["Location"] == reverse("welcome-use")

    calendar = made.calendar_set.get(name="Nord")
    pool = made.leadpool_set.get(name="Neu")
    answer = owner.post(reverse("welcome-use"), {"calendar": [calendar.pk], "pool": [pool.pk]})
    assert answer["Location"] == reverse("welcome-people")
    assert Organisation.objects.get().settings["hidden_pools"] == ["tbl_2"]
    assert owner.get(reverse("welcome"))["Location"] == reverse("welcome-people")

    page = markup(
        owner.post(reverse("welcome-people"), {"role": "staff", "email": "kim@x.example"})
    )
    assert "/invitations/" in page
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.email) == ("staff", "kim@x.example")
    assert "/invitations/" not in markup(owner.get(reverse("welcome-people")))
    assert owner.get(reverse("welcome"))["Location"] == reverse("welcome-booking")
    assert made.slug in markup(owner.get(reverse("welcome-booking")))


def test_a_step_that_needs_an_organisation_leads_back_to_it(owner):
    for name in ("welcome-use", "welcome-people", "welcome-booking"):
        assert owner.get(reverse(name))["Location"] == reverse("welcome-organisation")


def test_a_refused_invitation_keeps_what_was_typed(owner, told):
    owner.post(reverse("welcome-organisation"), NEW)
    answer = owner.post(reverse("welcome-people"), {"role": "manager", "email": "kim"})
    assert answer.status_code == 422
    assert 'value="kim"' in markup(answer)


def test_practice_is_added_with_its_tokens_and_leads_and_marked(owner, told, practice):
    assert "Add the practice organisation" in markup(owner.get(reverse("welcome-organisation")))
    answer = owner.post(reverse("welcome-organisation"), {"act": "practice"})
    assert answer["Location"] == reverse("welcome-use")
    made = Organisation.objects.get()
    assert (made.name, made.tokens.count(), made.leads.count()) == ("Practice", 2, 1)
    grid = owner.post(reverse("welcome-booking"))
    assert grid["Location"] == reverse("availability", kwargs={"slug": made.slug})
    assert 'data-tone="practice"' in markup(owner.get(grid["Location"]))
    assert Organisation.objects.count() == 1


def test_practice_beside_a_real_one_is_not_what_is_set_up(owner, told, practice):
    owner.post(reverse("welcome-organisation"), {"act": "practice"})
    owner.post(reverse("welcome-organisation"), NEW)
    assert "Praxis Süd" in markup(owner.get(reverse("welcome-use")))


def test_a_sandbox_that_refuses_at_the_last_step_is_told_and_nothing_is_made(owner, told, practice):
    owner.post(reverse("welcome-organisation"), NEW)
    told.bad.add(SECRET)
    answer = owner.post(reverse("welcome-booking"))
    assert answer.status_code == 422
    assert "Connect does not accept this token." in markup(answer)
    assert Organisation.objects.get().name == NEW["name"]


def test_without_a_sandbox_no_practice_is_offered(owner, told, settings, tmp_path):
    settings.PRACTICE_FILE = str(tmp_path / "none.json")
    assert "practice organisation" not in markup(owner.get(reverse("welcome-organisation")))
    owner.post(reverse("welcome-organisation"), {"act": "practice"})
    assert Organisation.objects.count() == 0


def test_the_practice_organisation_follows_its_sandbox_with_its_tokens(owner, told, practice):
    from django.core.management import call_command

    owner.post(reverse("welcome-organisation"), {"act": "practice"})
    call_command("follow_sandbox", "http://127.0.0.1:8001", "http://127.0.0.1:8002", verbosity=0)
    made = Organisation.objects.get()
    assert (made.connect_url, made.tokens.count()) == ("http://127.0.0.1:8002", 2)


def test_the_code_can_be_asked_for_until_it_is_used(capsys):
    from django.core.management import call_command

    call_command("setup_code")
    assert capsys.readouterr().out.strip() == CODE
    get_user_model().objects.create_user("somebody")
    call_command("setup_code")
    assert capsys.readouterr().out == ""
