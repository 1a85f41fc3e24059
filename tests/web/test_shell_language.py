"""English and German, and the choice between them."""

import pytest

pytestmark = pytest.mark.django_db


def choose(client, language, HTTP_REFERER="", **more):
    return client.post("/language/", {"language": language, **more}, HTTP_REFERER=HTTP_REFERER)


def test_the_choice_is_kept_in_a_cookie_and_needs_no_script(client):
    response = choose(client, "de", next="/sign-in/?next=/needs-you/")
    assert response["Location"] == "/sign-in/?next=/needs-you/"
    assert response.cookies["desk_language"].value == "de"
    assert response.cookies["desk_language"]["max-age"] == 365 * 24 * 3600
    page = client.get("/sign-in/")
    assert page["Content-Language"] == "de"
    assert '<html lang="de">' in page.content.decode()


def test_the_browser_decides_until_somebody_chooses(client):
    german = client.get("/sign-in/", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert german["Content-Language"] == "de"
    assert client.get("/sign-in/", headers={"Accept-Language": "fr"})["Content-Language"] == "en"


def test_the_way_back_is_the_page_on_the_screen_even_after_htmx_moved_on(client):
    page = "http://testserver/o/praxis/availability/?view=day"
    assert choose(client, "de", HTTP_REFERER=page)["Location"] == page
    assert choose(client, "de", HTTP_REFERER="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_the_choice_never_leads_to_another_host(client, elsewhere):
    assert choose(client, "de", next=elsewhere)["Location"] == "/"


def test_an_unknown_language_changes_nothing(client):
    assert "desk_language" not in choose(client, "xx").cookies


def test_a_link_cannot_change_the_language(client):
    assert client.get("/language/?language=de").status_code == 405
