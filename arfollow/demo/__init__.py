"""A made-up company that lives six months through the operations, with a moved clock."""
