"""How workflows are told to people who are no programmers, in the page's language."""
