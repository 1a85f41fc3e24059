"""The pages of an import: the file, its columns, the dry run, running, the rows, deleting."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from bookingapp.domain import batch_runner, batches, journal
from bookingapp.domain.imports import sheet
from bookingapp.domain.models import AuditEvent, ImportRow, Lead, LeadImport, Organisation, Write
from bookingapp.domain.states import Reason, State
from bookingapp.web.presenters import import_words
from tests.domain.import_files import HEAD, csv_file, people
from tests.domain.import_world import ImportPlace

pytestmark = pytest.mark.django_db


class Desk:
    """A manager at the pages of an import."""

    def __init__(self, client, organisation, place):
        self.client, self.organisation, self.place = client, organisation, place
        self.batch = None

    def url(self, name, **more):
        return reverse(name, kwargs={"slug": self.organisation.slug, **more})

    def at(self, name):
        return self.url(name, pk=self.batch.pk)

    def send(self, content, *, intent=None, **more):
        file = SimpleUploadedFile("leads.csv", content)
        given = {"intent": intent or uuid.uuid4(), "pool": self.place.pool.pk, "file": file}
        return self.client.post(self.url("import-new"), given | more)

    def upload(self, *rows, head=HEAD, **more):
        response = self.send(csv_file(*rows, head=head), **more)
        assert response.status_code == 302, response.content.decode()
        self.batch = LeadImport.objects.order_by("-asked_at").first()
        return response

    def check(self, *targets, how="create", **more):
        given = {f"column-{at}": target for at, target in enumerate(targets)}
        return self.client.post(self.at("import-mapping"), {"how": how, **given, **more})

    def ready(self, *rows, **more):
        self.upload(*rows, **more)
        assert self.check("name", "phone", "email").status_code == 302

    def run(self, expected, **more):
        return self.client.post(self.at("import-run"), {"expected": expected, **more})

    def push(self):
        for _ in range(3):
            batch_runner.push(batch_runner.LEAD_IMPORT, self.batch.pk, now=timezone.now())

    def page(self, query=""):
        return self.client.get(self.at("import-detail") + query).content.decode()


@pytest.fixture
def desk(client_of, organisation, monkeypatch):
    monkeypatch.setattr("bookingapp.web.views.import_running.wake_batch", lambda *_a: None)
    return Desk(client_of("manager"), organisation, ImportPlace(organisation))


def words(markup):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


# -- the file ------------------------------------------------------------------------------------


def test_a_file_becomes_an_import_and_its_columns_are_asked_for(desk):
    response = desk.upload(*people(2))
    assert response["Location"] == desk.at("import-mapping")
    page = desk.client.get(response["Location"]).content.decode()
    assert "Vera Nr0" in page
    assert re.search(r'<option value="phone" selected>', page)
    assert desk.batch.file_name == "leads.csv"


def test_the_same_form_twice_is_one_import(desk):
    intent = uuid.uuid4()
    first = desk.upload(*people(2), intent=intent)
    assert desk.upload(*people(2), intent=intent)["Location"] == first["Location"]
    assert LeadImport.objects.count() == 1


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 workbook", b"Name\n", b'a,b\n"' + b"\n" * 900]
)
def test_what_cannot_be_read_is_said_at_the_field(desk, content):
    response = desk.send(content)
    assert response.status_code == 422
    assert 'id="import-file-error"' in response.content.decode()
    assert LeadImport.objects.count() == 0


def test_no_file_and_no_pool_are_said_at_their_fields(desk):
    response = desk.client.post(desk.url("import-new"), {"intent": uuid.uuid4(), "pool": "x"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="import-file-error"' in page
    assert 'id="import-pool-error"' in page
    assert desk.send(csv_file(*people(1)), pool=0).status_code == 422


def test_too_large_a_file_is_refused_before_it_is_read(desk):
    response = desk.client.post(
        desk.url("import-new"),
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(sheet.MOST_BYTES * 3),
    )
    assert response.status_code == 413
    assert "10 MB" in response.content.decode()


def test_a_file_is_never_put_on_the_disk_on_its_way(settings):
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE > sheet.MOST_BYTES


def test_the_upload_is_protected_like_every_form(desk):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.client.cookies
    desk.client = strict
    assert desk.send(csv_file(*people(1))).status_code == 403
    assert LeadImport.objects.count() == 0


# -- the columns ---------------------------------------------------------------------------------


def test_wrong_columns_are_said_at_the_column_and_what_was_chosen_stays(desk):
    desk.upload(*people(1))
    response = desk.check("name", "phone", "phone")
    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-describedby="error-2"' in page
    assert 'id="error-1"' not in page
    assert page.count('<option value="phone" selected>') == 2


@pytest.mark.parametrize(
    ("targets", "code"),
    [(("", "phone", ""), "no_name"), (("name", "", ""), "no_way")],
)
def test_what_is_missing_is_said_above(desk, targets, code):
    desk.upload(*people(1))
    response = desk.check(*targets)
    assert response.status_code == 422
    assert str(import_words.WHOLE[code]) in response.content.decode()


def test_a_column_can_become_a_field_of_its_own_name(desk):
    desk.upload(("Anna", "0171 5000001", "Messe <b>"), head=("Name", "Telefon", "Wo<her>"))
    page = desk.client.get(desk.at("import-mapping")).content.decode()
    assert 'value="data:Wo&lt;her&gt;"' in page
    assert desk.check("name", "phone", "data:Wo<her>").status_code == 302
    assert desk.batch.rows.get().result == "new"


# -- the dry run ---------------------------------------------------------------------------------


def test_the_dry_run_shows_each_row_and_sends_nothing(desk):
    desk.ready(
        *people(2), ("", "12", ""), ("Known", desk.place.lead.phone, ""), ("V", "01715000000", "")
    )
    page = words(desk.page())
    assert "2 leads would be created." in page
    assert "Fires 4 automation events now" in page
    assert "Name: It is missing. Phone: This number is too short." in page
    assert "This lead is here already." in page
    assert "The same as row 1 of this file." in page
    assert Write.objects.count() == 0


def test_the_rows_can_be_narrowed_and_paged(desk):
    desk.ready(*people(60), ("", "0171 1", ""))
    page = desk.page("?show=wrong")
    assert "Vera" not in page
    assert "It is missing." in page
    assert "Vera Nr49" in desk.page()
    assert "Vera Nr50" not in desk.page()
    assert "Vera Nr59" in desk.page("?page=2")
    assert desk.page("?page=900&show=x")


def test_25_events_are_to_be_typed(desk):
    desk.ready(*people(13))
    assert 'name="typed"' in desk.page()
    for typed in ({}, {"typed": "13"}, {"typed": "x"}):
        assert desk.run(13, **typed).status_code == 422
    assert LeadImport.objects.get().due_at is None
    assert desk.run(13, typed="26").status_code == 302
    assert LeadImport.objects.get().due_at is not None


def test_fewer_run_at_once_and_only_as_many_as_were_told(desk):
    desk.ready(*people(2))
    assert 'name="typed"' not in desk.page()
    assert desk.run(3).status_code == 422
    assert desk.run(2).status_code == 302
    assert desk.run(2).status_code == 302, "two tabs"
    assert AuditEvent.objects.filter(action="leadimport.started").count() == 1


# -- running -------------------------------------------------------------------------------------


def settle(row, state, reason=Reason.NONE):
    now = timezone.now()
    if state != State.WAITING:
        journal.move(row.write, State.SENDING, reason=Reason.CLAIMED, now=now)
    journal.move(row.write, state, reason=reason, now=now)


def test_how_each_row_goes_is_shown_with_its_lead_and_what_can_be_done(desk):
    desk.ready(*people(4))
    desk.run(4)
    desk.push()
    rows = list(desk.batch.rows.select_related("write").order_by("number"))
    settle(rows[0], State.DONE)
    settle(rows[1], State.REFUSED, Reason.INVALID)
    settle(rows[2], State.STUCK, Reason.CANNOT_TELL)
    page = desk.page()
    text = words(page)
    assert "1 lead created, 1 on their way, 1 needs you, 1 refused" in text
    assert "Connect did not accept it." in text
    assert page.count("/needs-you/") >= 3
    assert desk.url("lead-detail", pk=rows[0].lead_id) in page
    assert 'data-import-look="fast"' in page
    assert 'http-equiv="refresh"' in page


def test_a_poll_is_answered_only_when_something_changed(desk):
    desk.ready(*people(2))
    desk.run(2)
    look = re.search(r'hx-get="([^"]+)"', desk.page()).group(1).replace("&amp;", "&")
    assert desk.client.get(look, headers={"HX-Request": "true"}).status_code == 204
    desk.push()
    part = desk.client.get(look, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    assert re.search(r'id="import-rows"[^>]*hx-swap-oob="true">', part), "the rows come along"
    for row in desk.batch.rows.select_related("write"):
        settle(row, State.DONE)
    desk.push()
    part = desk.client.get(look, headers={"HX-Request": "true"}).content.decode()
    assert 'data-import-look=""' in part
    assert re.search(r'id="import-rows"[^>]*hx-swap-oob="true" data-final>', part)


def test_it_is_stopped_resumed_and_left(desk):
    number = batches.AT_ONCE + 3
    desk.ready(*people(number))
    desk.run(number, typed=number * 2)
    desk.push()
    desk.client.post(desk.at("import-stop"))
    assert "Resume: 3 rows are left" in words(desk.page())
    desk.client.post(desk.at("import-resume"))
    assert LeadImport.objects.get().stopped_at is None
    desk.client.post(desk.at("import-stop"))
    desk.client.post(desk.at("import-stop"), {"rest": "1"})
    assert LeadImport.objects.get().ended_at is not None
    assert "Ended" in words(desk.page())


def test_a_pause_is_said(desk):
    desk.ready(*people(2))
    desk.run(2)
    Organisation.objects.update(paused_reason="no_token", paused_scope="write")
    assert "Paused for want of a token" in words(desk.page())


def test_an_import_that_has_begun_keeps_its_columns(desk):
    desk.ready(*people(1))
    desk.run(1)
    assert desk.check("name", "", "email")["Location"] == desk.at("import-detail")
    assert LeadImport.objects.get().mapping["columns"] == {"0": "name", "1": "phone", "2": "email"}
    assert desk.client.get(desk.at("import-mapping")).status_code == 302


# -- the file of results, deleting ---------------------------------------------------------------


def test_the_results_as_a_file_calculate_nothing(desk):
    desk.ready(
        ('=HYPERLINK("x")', "0171 5000001", ""), ("@b", "+49 171 5000002", "a@b.de"), ("", "", "")
    )
    response = desk.client.get(desk.at("import-rows"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("Row,Result,Why,Id at Connect,Name")
    assert "'=HYPERLINK" in lines[1]
    assert "'@b,'+49 171 5000002" in lines[2]
    assert not re.search(r'(^|[,"])[=+@-]', text, re.M)
    assert AuditEvent.objects.filter(action="leadimport.exported").count() == 1
    known = desk.client.get(desk.at("import-rows") + "?show=known")
    assert len(b"".join(known.streaming_content).decode().splitlines()) == 1


def test_deleting_asks_first_and_leaves_the_leads(desk):
    desk.ready(*people(1))
    before = Lead.objects.count()
    assert "Delete this import?" in desk.client.get(desk.at("import-delete")).content.decode()
    assert LeadImport.objects.exists()
    assert desk.client.post(desk.at("import-delete"))["Location"] == desk.url("import-list")
    assert (LeadImport.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert Lead.objects.count() == before


def test_a_running_one_is_not_deleted(desk):
    desk.ready(*people(1))
    desk.run(1)
    desk.client.post(desk.at("import-delete"))
    assert LeadImport.objects.exists()


def test_the_list_says_who_when_and_how_it_went(desk):
    desk.ready(*people(2))
    page = words(desk.client.get(desk.url("import-list")).content.decode())
    assert "leads.csv" in page
    assert "Kim" in page
    assert "Tried dry, nothing has been sent" in page


def test_a_hostile_file_is_only_text(desk):
    nasty = '<script>alert("x")</script>'
    desk.upload((nasty, "0171 5000001", "\u202eevil"), head=("Name", nasty, "x" * 5000))
    for response in (desk.client.get(desk.at("import-mapping")), desk.check("name", "phone", "")):
        assert "<script>alert" not in response.content.decode()
    for name in ("import-detail", "import-delete"):
        assert "<script>alert" not in desk.client.get(desk.at(name)).content.decode()
    assert "<script>alert" not in desk.client.get(desk.url("import-list")).content.decode()


def test_somebody_elses_import_does_not_exist(desk, elsewhere):
    desk.ready(*people(1))
    LeadImport.objects.update(organisation=elsewhere)
    for name in ("import-detail", "import-mapping", "import-rows", "import-delete"):
        assert desk.client.get(desk.at(name)).status_code == 404
    for name in ("import-run", "import-stop", "import-resume"):
        assert desk.client.post(desk.at(name)).status_code == 404


@pytest.mark.parametrize("table", ["FILES", "CODES", "COLUMNS", "WHOLE", "RUN", "TARGETS"])
def test_every_sentence_says_something(table):
    assert all(str(text) for text in getattr(import_words, table).values())
