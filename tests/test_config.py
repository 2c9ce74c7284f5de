import pytest

from arfollow.config import BadSettingError, Connections, TextGateway, from_environment


def settings(folder, **changes):
    return from_environment(
        {"ARFOLLOW_DATA_DIR": str(folder), **{f"ARFOLLOW_{k}": v for k, v in changes.items()}}
    )


def test_what_is_not_set_has_a_sensible_value(tmp_path):
    found = settings(tmp_path)

    assert found.connections == Connections()
    assert found.metrics_token == ""


def test_limits_of_connections_are_settings(tmp_path):
    found = settings(
        tmp_path,
        POOL_SIZE="20",
        POOL_OVERFLOW="0",
        POOL_RECYCLE="60",
        STATEMENT_TIMEOUT="7",
        LOCK_TIMEOUT="3",
        IDLE_TIMEOUT="0",
        PREPARED_STATEMENTS="0",
        SLOW_QUERY_MS="0",
    )

    assert found.connections == Connections(
        pool_size=20,
        pool_overflow=0,
        recycle_seconds=60,
        statement_seconds=7,
        lock_seconds=3,
        idle_seconds=0,
        prepares=False,
        slow_ms=0,
    )


def test_a_command_takes_as_long_as_it_takes():
    found = Connections(pool_size=7).unlimited()

    assert (found.pool_size, found.statement_seconds, found.lock_seconds, found.idle_seconds) == (7, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POOL_SIZE", "0"),
        ("POOL_SIZE", "many"),
        ("POOL_OVERFLOW", "-1"),
        ("POOL_RECYCLE", "0"),
        ("STATEMENT_TIMEOUT", "1.5"),
        ("SLOW_QUERY_MS", "²"),
    ],
)
def test_a_number_that_is_none_is_refused_by_its_name(tmp_path, name, value):
    with pytest.raises(BadSettingError, match=f"ARFOLLOW_{name}: '{value}' is no whole number"):
        settings(tmp_path, **{name: value})


@pytest.mark.parametrize("token", ["short", "ü" * 20])
def test_a_token_that_can_be_guessed_is_refused_and_not_quoted(tmp_path, token):
    with pytest.raises(BadSettingError, match="ARFOLLOW_METRICS_TOKEN: It can be guessed") as refused:
        settings(tmp_path, METRICS_TOKEN=token)

    assert token not in str(refused.value)


def test_text_messages_go_nowhere_unless_a_gateway_is_set(tmp_path):
    assert settings(tmp_path).texts == TextGateway()


def test_a_gateway_is_a_setting(tmp_path):
    found = settings(
        tmp_path,
        SMS_URL="https://sms.example.com",
        SMS_SECRET="sixteen letters!",
        SMS_NUMBER="+4915155500000",
    )

    assert found.texts == TextGateway(
        url="https://sms.example.com", secret="sixteen letters!", number="+4915155500000"
    )
    assert "sixteen letters!" not in repr(found.texts)


def test_a_demo_writes_text_messages_into_files(tmp_path):
    (tmp_path / "demo").touch()

    assert settings(tmp_path).texts.url == (tmp_path / "texts").as_uri()


def test_a_secret_that_can_be_guessed_is_refused(tmp_path):
    with pytest.raises(BadSettingError, match="ARFOLLOW_SMS_SECRET: It can be guessed"):
        settings(tmp_path, SMS_SECRET="secret")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "http://127.0.0.1:5000"),
        ({"PORT": "8080"}, "http://127.0.0.1:8080"),
        ({"ARFOLLOW_BASE_URL": "https://pay.example.com/", "PORT": "8080"}, "https://pay.example.com"),
    ],
)
def test_links_begin_with_the_address_that_is_set_else_with_the_own_port(tmp_path, environment, expected):
    settings = from_environment({"ARFOLLOW_DATA_DIR": str(tmp_path), **environment})

    assert settings.base_url == expected


@pytest.mark.parametrize(
    "text", ["pay.example.com", "ftp://pay.example.com", "https://", "https://x.example/ar"]
)
def test_an_address_that_no_browser_opens_is_refused(tmp_path, text):
    with pytest.raises(BadSettingError, match="is no address"):
        from_environment({"ARFOLLOW_DATA_DIR": str(tmp_path), "ARFOLLOW_BASE_URL": text})
