"""What people do in several journeys."""

from io import BytesIO

from pypdf import PdfReader

from tests.fixtures.apps import PASSWORD


def sign_in(page, address, email="clerk@example.com", *, to="follow-ups"):
    """Sign in, and come to the list, or to where else one comes."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/{to}**")


def print_letter(page, address):
    """Print the customer's letter; gives its text."""
    page.locator("#print-letter").click()
    link = page.wait_for_selector("#open-letter")
    answer = page.request.get(address + link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(each.extract_text() for each in PdfReader(BytesIO(answer.body())).pages)
