from dataclasses import replace

import pytest

from arfollow.access import Role
from arfollow.companies.tables import Company
from arfollow.fence import operations as fence
from arfollow.fence.rules import Reason


@pytest.fixture
def site(sqlite_site):
    """Each page is opened on both engines by the guards."""
    return sqlite_site


@pytest.fixture
def administrator(site):
    return site.sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def set_mail(site):
    """Says where mail goes."""

    def set_to(url: str) -> None:
        site.app.config["SETTINGS"] = replace(site.app.config["SETTINGS"], mail_url=url)

    return set_to


@pytest.fixture
def sender(site):
    with site.writing() as session:
        session.get_one(Company, site.company_id).email = "acme@example.com"


def try_mail(visitor, to="ana@example.com", **fields):
    return visitor.post("/setup/mail/test", {"to": to, **fields})


class TestTrial:
    def test_a_message_that_is_taken_ends_the_step(self, site, administrator, sender, set_mail, mail_sink):
        set_mail(mail_sink.url)

        answer = try_mail(administrator)

        assert answer.location == "/setup/mail#result"
        assert mail_sink.recipients == ["ana@example.com"]
        assert "has taken the message for ana@example.com" in administrator.get("/setup/mail").text
        assert 'stepper-done">\n          <a href="/setup/mail"' in administrator.get("/setup/mail").text
        assert [text for _, text in site.entries("mail")] == [
            "Test message to ana@example.com: accepted. 250 kept"
        ]

    def test_another_server_has_to_be_tried_again(self, administrator, sender, set_mail, mail_sink):
        set_mail(mail_sink.url)
        try_mail(administrator)

        set_mail("smtp://mail.example.com")

        shown = administrator.get("/setup/mail").text
        assert "was of another mail server" in shown
        assert 'stepper-open">\n          <a href="/setup/mail"' in shown

    def test_a_refusal_is_told_in_words_and_leaves_the_step_open(
        self, site, administrator, sender, set_mail, mail_sink
    ):
        set_mail(f"{mail_sink.url}?tls=starttls")

        try_mail(administrator)

        shown = administrator.get("/setup/mail").text
        assert "do not agree on encryption" in shown
        assert 'stepper-open">\n          <a href="/setup/mail"' in shown
        assert site.entries("mail")[0][1].startswith("Test message to ana@example.com: tls.")

    def test_files_reach_nobody(self, administrator, sender):
        try_mail(administrator)

        shown = administrator.get("/setup/mail").text
        assert "nobody receives it" in shown
        assert 'stepper-open">\n          <a href="/setup/mail"' in shown

    def test_from_the_settings_one_comes_back_to_them(self, administrator, sender):
        assert try_mail(administrator, **{"from": "settings"}).location == "/settings/mail#result"

    def test_without_an_own_address_nothing_is_sent(self, administrator, set_mail, mail_sink):
        set_mail(mail_sink.url)

        answer = try_mail(administrator)

        assert answer.status_code == 422
        assert "own e-mail address first" in answer.text
        assert mail_sink.recipients == []

    def test_a_copied_database_tries_nothing(self, site, administrator, sender, set_mail, mail_sink):
        set_mail(mail_sink.url)
        with site.writing() as session:
            fence.close(session, because=Reason.BY_HAND)

        answer = try_mail(administrator)

        assert answer.status_code == 422
        assert "held back" in answer.text
        assert mail_sink.recipients == []

    @pytest.mark.parametrize("to", ["", "nobody", "a@example.com\r\nBcc: b@example.com"])
    def test_what_is_no_address_is_refused(self, administrator, sender, set_mail, mail_sink, to):
        set_mail(mail_sink.url)

        assert try_mail(administrator, to).status_code == 422
        assert mail_sink.recipients == []


class TestSettings:
    def test_the_password_is_never_shown(self, administrator, set_mail):
        set_mail("smtp://ana:s3cret@mail.example.com:587?tls=starttls")

        shown = administrator.get("/settings/mail").text

        assert "mail.example.com, port 587" in shown
        assert "set, and never shown" in shown
        assert "s3cret" not in shown

    def test_nor_where_the_setting_cannot_be_understood(self, administrator, sender, set_mail):
        set_mail("smtp://ana:s3/cret@mail.example.com")

        pages = administrator.get("/settings/mail").text + try_mail(administrator).text

        assert "cannot be understood" in pages
        assert "cret@" not in pages

    def test_an_address_that_reaches_nobody_is_not_proposed(self, site):
        visitor = site.sign_in(Role.ADMINISTRATOR, email="admin@localhost")

        assert 'value="admin@localhost"' not in visitor.get("/setup/mail").text
