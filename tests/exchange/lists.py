"""The text of lists of open items."""


def items(*rows: str) -> str:
    """A list of rows `I-1 C-1 100.00`, dated 1 March, due 31 March 2026, in EUR; negative rows are credits."""
    lines = []
    for row in rows:
        number, customer, amount, *kind = row.split()
        lines.append(f"{number},{customer},{''.join(kind)},2026-03-01,2026-03-31,EUR,{amount}")
    return "\n".join(["invoice,customer,kind,date,due_date,currency,amount", *lines, ""])
