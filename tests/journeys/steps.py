"""What people do in several journeys."""

from io import BytesIO

from pypdf import PdfReader


def print_letter(page, address):
    """Print the customer's letter; gives its text."""
    page.locator("#print-letter").click()
    link = page.wait_for_selector("#open-letter")
    answer = page.request.get(address + link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(each.extract_text() for each in PdfReader(BytesIO(answer.body())).pages)
