from arfollow.access import Role


def test_a_static_address_changes_with_its_content_and_is_kept_for_ever(sqlite_site):
    visitor = sqlite_site.visitor()
    page = visitor.get("/sign-in").text
    address = next(line for line in page.split('"') if line.startswith("/static/css/arfollow.css"))

    answer = visitor.get(address)

    assert "?v=" in address
    assert answer.cache_control.max_age == 31_536_000
    answer.close()


def test_pages_are_kept_nowhere(sqlite_site):
    answer = sqlite_site.sign_in(Role.CLERK).get("/account")

    assert answer.headers["Cache-Control"] == "no-store"
