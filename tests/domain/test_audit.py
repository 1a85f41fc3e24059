"""What is written into the audit log, in which group, and what it may say for ever."""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.db.models import ProtectedError
from django.utils import timezone

from bookingapp.domain import audit, audit_topics
from bookingapp.domain.audit_topics import Topic
from bookingapp.domain.models import AuditEvent, AuditValues, Organisation
from bookingapp.domain.states import Reason

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.mark.parametrize(
    ("action", "topic"),
    [
        ("sign-in", Topic.SIGN_INS),
        ("sign-in.refused", Topic.SIGN_INS),
        ("sign-out", Topic.SIGN_INS),
        ("organisation.changed", Topic.SETTINGS),
        ("something.nobody.knows", Topic.SETTINGS),
        ("role.given", Topic.PEOPLE),
        ("token.added", Topic.TOKENS),
        ("writes.paused", Topic.TOKENS),
        ("bulkmove.asked", Topic.WRITES),
        ("write.handed_on", Topic.WRITES),
        ("leadimport.started", Topic.IMPORTS),
        ("leadimport.exported", Topic.EXPORTS),
        ("bookings.exported", Topic.EXPORTS),
        ("hooks.secret_made", Topic.HOOKS),
        ("privacy.erased", Topic.PRIVACY),
    ],
)
def test_an_action_is_found_in_its_group(action, topic):
    assert audit.record(action, at=NOW).topic == topic


@pytest.mark.parametrize(
    ("reason", "by_person", "topic"),
    [
        (Reason.SETTLED_BY_PERSON, True, Topic.SETTLEMENTS),
        (Reason.DECLINED, True, Topic.SETTLEMENTS),
        (Reason.CHOSEN, True, Topic.SETTLEMENTS),
        (Reason.SETTLED_BY_EVENT, False, Topic.WRITES),
        (Reason.ASKED, True, Topic.WRITES),
        (Reason.CHANGED_MIND, True, Topic.WRITES),
    ],
)
def test_only_a_persons_word_is_a_settlement(reason, by_person, topic):
    assert audit_topics.topic_of_move(reason, by_person=by_person) == topic


def test_it_says_from_where_within_which_request():
    with audit.origin("192.0.2.7", "request-1234"):
        event = audit.record("test", at=NOW)
    outside = audit.record("test", at=NOW)
    assert (event.address, event.request_id) == ("192.0.2.7", "request-1234")
    assert (outside.address, outside.request_id) == ("", "")


def test_what_it_names_is_kept_to_be_found_by():
    lead = str(uuid.uuid4())
    event = audit.record("waiting.marked", at=NOW, details={"mark": "m", "lead": lead})
    assert event.about == lead
    assert audit.record("test", at=NOW, details={"count": 3}).about == ""


def test_values_can_be_forgotten_and_the_fact_stays():
    event = audit.record("test", at=NOW, before={"a": 1}, after={"a": 2})
    AuditValues.objects.all().delete()
    assert AuditEvent.objects.get().pk == event.pk


def test_nothing_that_it_names_can_be_deleted():
    place = Organisation.objects.create(name="A", slug="a", connect_url="https://a.example")
    person = get_user_model().objects.create(username="kim")
    audit.record("test", at=NOW, organisation=place, person=person)
    for row in (person, Organisation.objects.get(pk=place.pk)):
        with pytest.raises(ProtectedError):
            row.delete()
