"""The desk fixture is a whole product: people sign in, workers live, both databases do."""

import pytest

pytestmark = pytest.mark.processes


def test_desk_signs_people_in(desk):
    page = desk.sign_in("staff").get("/", follow_redirects=True)
    assert page.status_code == 200
    assert "/sign-in/" not in str(page.url)


def test_desk_refuses_a_wrong_password(desk):
    with pytest.raises(AssertionError, match="sign-in of staff: 422"):
        desk.visitor().sign_in("staff", "wrong")


@pytest.mark.postgres
def test_desk_runs_on_postgres(make_desk, postgres):
    desk = make_desk(postgres=postgres)
    assert desk.sign_in("admin").get("/", follow_redirects=True).status_code == 200
    assert desk.sql("select count(*) as n from auth_user")[0]["n"] == 3


def test_killed_worker_starts_again(desk):
    desk.kill(desk.workers[0])
    assert desk.workers[0].died() is not None
    desk.restart(desk.workers[0])
    assert desk.workers[0].died() is None
