"""How a letter addresses its reader."""

from __future__ import annotations

from arfollow.statements.catalogue import Words

_MS = frozenset("frau fr ms mrs miss mme madame mevrouw mw sra señora signora pani".split())
_MR = frozenset("herr herrn hr mr m monsieur meneer dhr sr señor signor pan".split())
_TITLES = frozenset("dr prof dipl ing mag".split())
_LONGEST_NAME = 80


def salutation(words: Words, *, contact_name: str) -> str:
    """`Dear Ms Kaya,` where the contact's name says so, `Dear Ümit Kaya,` for a bare name, else for everybody.

    Nobody's gender is guessed from a first name.
    """
    parts = contact_name.split()
    # A single word is a department, such as "Buchhaltung".
    if len(parts) <= 1 or len(contact_name) > _LONGEST_NAME:
        return words.gettext("Dear Sir or Madam,")
    form = parts[0].rstrip(".").casefold()
    rest = parts[1:]
    if form in _MS | _MR:
        titles = [part for part in rest[:-1] if part.rstrip(".").casefold() in _TITLES]
        name = " ".join([*titles, rest[-1]])
        return (
            words.gettext("Dear Ms %(name)s,", name=name)
            if form in _MS
            else words.gettext("Dear Mr %(name)s,", name=name)
        )
    return words.gettext("Dear %(name)s,", name=contact_name)
