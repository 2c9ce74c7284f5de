from tests.pictures.sheet import Picture, write_sheet


def test_the_sheet_shows_all_pictures_of_a_subject_together(tmp_path):
    pictures = [
        Picture("a-1.png", "a", "light"),
        Picture("b.png", "b & c", "light"),
        Picture("a-2.png", "a", "dark"),
    ]

    html = write_sheet(pictures, tmp_path).read_text()

    places = [html.index(part) for part in ("a-1.png", "a-2.png", "b &amp; c</h2>", "b.png")]
    assert places == sorted(places)
