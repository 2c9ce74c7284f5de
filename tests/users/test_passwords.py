import re

from argon2 import PasswordHasher

from arfollow.users.passwords import hash_password, is_outdated, is_password, make_one_time_password


def test_a_hash_knows_its_password_alone():
    kept = hash_password("correct horse")

    assert kept.startswith("$argon2id$")
    assert is_password("correct horse", kept)
    assert not is_password("correct horsf", kept)


def test_nobody_has_no_password():
    assert not is_password("", None)
    assert not is_password("anything", "not a hash")


def test_a_hash_of_other_parameters_is_outdated():
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse")

    assert is_password("correct horse", weak)
    assert is_outdated(weak)
    assert not is_outdated(hash_password("correct horse"))


def test_one_time_passwords_differ_and_can_be_read_aloud():
    made = {make_one_time_password() for _ in range(50)}

    assert len(made) == 50
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", each) for each in made)
