"""The doctor against the running sandbox: it finds out what a token can do and changes nothing."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from bookingapp.domain import doctor, gateway, pauses, token_rotation, tokens
from bookingapp.domain.models import AuditEvent, Organisation, Token
from bookingapp.domain.states import Reason
from bookingapp.domain.token_probe import Answer
from bookingapp.domain.token_rotation import Stage
from tests.domain.token_world import NAME, TokenWorld

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(sandbox):
    found = TokenWorld(sandbox)
    sandbox.forget_calls()
    return found


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [("read", [200, 403]), ("write", [200, 404, 403]), ("admin", [200, 404, 404])],
)
def test_a_scope_is_found_out_without_changing_anything(world, scope, statuses):
    token, before = world.stored(scope, known=False), world.everything()
    finding = doctor.examine(token, person=world.admin)
    assert world.everything() == before
    assert [step.status for step in finding.steps] == statuses
    assert (finding.verdict, finding.is_good) == (scope, True)
    assert Token.objects.get(pk=token.pk).scope == scope
    assert [call[0] for call in world.last_calls()] == ["GET", "PATCH", "DELETE"][: len(statuses)]


@pytest.mark.parametrize("how", ["revoked", "expired", "garbage"])
def test_a_token_that_connect_rejects_is_marked_and_nothing_is_changed(world, how):
    token, before = world.stored("admin"), world.everything()
    if how == "revoked":
        world.revoke(token.label)
    elif how == "expired":
        body = {"organisation": NAME, "expiresAt": "2020-01-01T00:00:00Z"}
        world.sandbox.ask("PATCH", f"tokens/{token.label}", body)
    else:
        token, _ = tokens.store(world.organisation, secret="rocketlead_live_00", label="garbage")
    finding = doctor.examine(token, person=world.admin)
    assert world.everything() == before
    assert (finding.verdict, [step.answer for step in finding.steps]) == (
        "rejected",
        [Answer.REJECTED],
    )
    kept = Token.objects.get(pk=token.pk)
    assert kept.rejected_at is not None
    assert kept.refused_status == 401
    assert AuditEvent.objects.filter(action="token.rejected").count() == 1
    doctor.examine(kept, person=world.admin)
    assert AuditEvent.objects.filter(action="token.rejected").count() == 1


@pytest.mark.parametrize("kind", ["html_502", "status_503", "status_500", "status_429"])
def test_where_connect_cannot_be_asked_nothing_is_noted_and_others_are_spared(world, kind):
    first, second = world.stored("read"), world.stored("admin")
    before = Token.objects.values_list("scope", "rejected_at", "verified_at")
    kept, stands = list(before), world.everything()
    world.sandbox.forget_calls()
    world.sandbox.fault(kind)
    findings = doctor.examine_all([first, second])
    calls = world.last_calls()
    world.sandbox.clear_faults()
    assert [found.verdict for found in findings] == ["unclear", "skipped"]
    assert {call[1] for call in calls} == {first.label}
    assert list(before.all()) == kept
    assert world.everything() == stands


def test_a_gateway_in_between_proves_nothing(world):
    token = world.stored("read", known=False)
    world.sandbox.fault("html_502", match={"method": "PATCH"})
    assert doctor.examine(token).verdict == "unclear"
    assert Token.objects.get(pk=token.pk).scope == ""


def test_each_kind_of_call_takes_the_weakest_token_that_will_do(world):
    from bookingapp import connect

    labels = {scope: world.stored(scope).label for scope in ("admin", "write", "read")}
    nothing = "00000000-0000-4000-8000-000000000000"
    world.sandbox.forget_calls()
    gateway.send(world.organisation, connect.list_lead_pools())
    for call in (connect.patch_lead(nothing, {}), connect.delete_booking(nothing)):
        with pytest.raises(connect.Missing):
            gateway.send(world.organisation, call)
    assert world.last_calls() == [
        ("GET", labels["read"], 200),
        ("PATCH", labels["write"], 404),
        ("DELETE", labels["admin"], 404),
    ]
    used = Token.objects.exclude(last_used_at=None).values_list("label", flat=True)
    assert set(used) == set(labels.values())


def test_the_last_use_is_noted_once_a_minute_and_a_refusal_with_its_status(world):
    from bookingapp import connect

    token = world.stored("read")
    gateway.send(world.organisation, connect.list_lead_pools())
    first = Token.objects.get(pk=token.pk).last_used_at
    gateway.send(world.organisation, connect.list_lead_pools())
    assert Token.objects.get(pk=token.pk).last_used_at == first
    tokens.note_scope(token, "write", at=timezone.now())
    with pytest.raises(connect.ScopeTooNarrow):
        gateway.send(world.organisation, connect.patch_lead("nobody", {}))
    kept = Token.objects.get(pk=token.pk)
    assert (kept.refused_status, kept.scope) == (403, "read")


def test_a_revoked_token_pauses_writes_until_another_one_is_added(world):
    from bookingapp import connect

    token = world.stored("admin")
    world.revoke(token.label)
    with pytest.raises(connect.TokenRejected):
        gateway.send(world.organisation, connect.delete_booking("nobody"))
    paused = Organisation.objects.get()
    assert (paused.paused_reason, paused.paused_scope) == ("token_rejected", "admin")
    world.add(world.secret("write", "second"), "Second")
    assert Organisation.objects.get().paused_reason == "token_rejected"
    world.add(world.secret("admin", "third"), "Third")
    assert Organisation.objects.get().paused_reason == ""


def test_a_token_set_aside_neither_works_nor_ends_a_pause(world):
    token = world.stored("admin")
    Token.objects.filter(pk=token.pk).update(retired_at=timezone.now())
    now = timezone.now()
    pauses.pause(world.organisation, reason=Reason.NO_TOKEN, scope="write", now=now)
    doctor.revive(now=now)
    assert Organisation.objects.get().paused_reason == "no_token"
    Token.objects.filter(pk=token.pk).update(retired_at=None)
    cache.clear()
    doctor.revive(now=now)
    assert Organisation.objects.get().paused_reason == ""


def test_a_rotation_keeps_both_until_connect_rejects_the_old_one(world):
    old = world.stored("write", "old")
    assert token_rotation.of(old).stage is Stage.PASTE
    new = world.add(world.secret("write", "new"), "New", replaces=old).token
    rotation = token_rotation.of(old)
    assert (rotation.stage, rotation.lost, rotation.may_switch) == (Stage.COMPARE, [], True)
    assert token_rotation.switch(rotation, person=world.admin, now=timezone.now())
    old.refresh_from_db()
    rotation = token_rotation.of(old)
    assert (rotation.stage, rotation.new) == (Stage.REVOKE, new)
    ask = {"person": world.admin, "now": timezone.now()}
    assert token_rotation.end(rotation, **ask) == "accepted"
    world.sandbox.fault("html_502")
    assert token_rotation.end(rotation, **ask) == "unclear"
    world.sandbox.clear_faults()
    world.sandbox.fault("status_401")
    assert token_rotation.end(rotation, **ask) == "unclear"
    world.sandbox.clear_faults()
    assert Token.objects.filter(pk=old.pk).exists()
    world.revoke("old")
    assert token_rotation.end(rotation, **ask) == "revoked"
    assert list(Token.objects.values_list("pk", flat=True)) == [new.pk]


def test_a_new_token_that_can_do_less_says_what_would_stop(world):
    old = world.stored("admin", "old")
    world.add(world.secret("write", "new"), "New", replaces=old)
    rotation = token_rotation.of(old)
    assert ([str(one) for one in rotation.lost], rotation.may_switch) == (["cancel", "move"], True)


def test_what_connect_rejects_is_not_kept(world):
    from bookingapp.domain.errors import Invalid

    with pytest.raises(Invalid) as refused:
        world.add("rocketlead_live_" + "0" * 64)
    assert refused.value.fields == {"secret": "rejected"}
    assert not Token.objects.exists()
