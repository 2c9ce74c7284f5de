from arfollow.cli.columns import in_columns


def test_cells_stand_below_each_other():
    rows = [("customer", "due", "name"), ("C-1", "9.00", "Ümit"), ("C-1043", "1240.50", "")]

    assert list(in_columns(rows, right={1})) == [
        "customer      due  name",
        "C-1          9.00  Ümit",
        "C-1043    1240.50",
    ]


def test_wide_and_combining_characters_are_counted_as_a_terminal_shows_them():
    assert list(in_columns([("東京", "x"), ("e\u0301abc", "x")])) == ["東京  x", "e\u0301abc  x"]
