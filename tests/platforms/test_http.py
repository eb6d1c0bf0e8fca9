"""How long a server asks to wait."""

import pytest

from bot.platforms.http import LONGEST_WAIT, retry_after

NOW = "Mon, 07 Sep 2026 07:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("Mon, 07 Sep 2026 07:05:00 GMT", 300.0),
        ("Mon, 07 Sep 2026 06:00:00 GMT", 0.0),
        ("Mon, 07 Sep 2026 15:02:00 +0800", 120.0),
        ("Tue, 08 Sep 2026 07:00:00 GMT", LONGEST_WAIT),
        ("999999", LONGEST_WAIT),
        ("9" * 400, 0.0),
        ("\uff11\uff12", 0.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("soon", 0.0),
        ("", 0.0),
    ],
)
def test_the_seconds_to_wait(said: str, seconds: float) -> None:
    assert retry_after({"Retry-After": said, "Date": NOW}) == seconds


def test_without_a_date_of_its_own_no_date_is_believed() -> None:
    assert retry_after({"Retry-After": "Mon, 07 Sep 2026 07:05:00 GMT"}) == 0.0
    assert retry_after({"Date": NOW}) == 0.0
