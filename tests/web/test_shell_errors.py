"""What is said when something goes wrong: in plain words, without a secret."""

import pytest

pytestmark = [pytest.mark.urls("tests.web.gallery")]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


def test_our_own_failure_is_said_without_the_database(client):
    # No database is allowed in this test: the page must do without.
    response = client.get("/gallery/boom/", headers={"X-Request-ID": "desk-4711-abc"})
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something broke on our side" in page
    assert "desk-4711-abc" in page
    assert "otters" not in page
    assert "Content-Security-Policy" in response


def test_our_own_failure_speaks_the_language_of_the_person(client):
    response = client.get("/gallery/boom/", headers={"Accept-Language": "de"})
    assert "Bei uns ist etwas kaputtgegangen" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/gallery/forbidden/", 403, "Your role does not allow this"),
        ("/nowhere/", 404, "There is nothing here"),
    ],
)
def test_a_refusal_is_a_page_for_a_window_and_a_part_for_htmx(client, address, status, words):
    page, part = client.get(address), client.get(address, headers=HTMX)
    assert page.status_code == part.status_code == status
    assert words in page.content.decode()
    assert words in part.content.decode()
    assert "<!doctype html>" in page.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.django_db
def test_a_foreign_host_is_refused_in_plain_words(client):
    response = client.get("/gallery/forbidden/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "makes no sense to us" in response.content.decode()
    assert "evil.example" not in response.content.decode()
