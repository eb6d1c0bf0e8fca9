"""The signature, in both directions, with each vector's own clock."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.platforms.dingtalk.refusal import Refusal
from bot.platforms.dingtalk.signing import check, milliseconds, sign, signed_address
from tests.platforms.dingtalk.samples import vectors

AT = 1577262236757
SECRET = "this is a secret"
SIGN = "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="


def moment(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def accepted(headers: dict[str, str], now_ms: int, window: int = 3600, secret: str = SECRET) -> bool:
    try:
        check(headers, secret, moment(now_ms), window)
    except Refusal as error:
        refusal = error
    else:
        return True
    assert refusal.status == 403
    assert secret not in refusal.reason
    return False


def pair(timestamp: int | str, secret: str = SECRET) -> dict[str, str]:
    return {"timestamp": str(timestamp), "sign": sign(str(timestamp), secret)}


@pytest.mark.parametrize(
    ("secret", "expected"),
    [(SECRET, SIGN), ("this is secret", "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=")],
)
def test_the_values_of_the_official_pages(secret, expected):
    assert sign(str(AT), secret) == expected


def test_reference_vectors():
    for vector in vectors("sign_vectors"):
        assert sign(vector["timestamp"], vector["secret"]) == vector["sign_base64"], vector["id"]
        address = signed_address(
            "https://h/robot/send?access_token=T", vector["secret"], moment(int(vector["timestamp"]))
        )
        assert address.endswith(f"&timestamp={vector['timestamp']}&sign={vector['sign_query']}"), vector["id"]


def test_reference_windows():
    for case in vectors("sign_window_cases"):
        given = {"timestamp": case["timestamp"], "sign": case["sign_base64"]}
        assert accepted(given, case["now_ms"], secret=case["secret"]) is case["accept"], case["id"]


def test_reference_negatives():
    for case in vectors("sign_negative_cases"):
        only_dedupe_helps = case["kind"] == "replayed_body"
        assert accepted(case["headers"], case["now_ms"], secret=case["secret"]) is only_dedupe_helps, case["id"]


@pytest.mark.parametrize(
    ("off", "good"), [(0, True), (600_000, True), (600_001, False), (-600_000, True), (-600_001, False)]
)
def test_the_edges_of_a_small_window(off, good):
    assert accepted(pair(AT), AT + off, window=600) is good


def test_a_school_cannot_widen_the_hour():
    assert not accepted(pair(AT), AT + 3_600_001, window=86_400)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"sign": SIGN},
        {"timestamp": str(AT)},
        {"timestamp": "", "sign": SIGN},
        {"timestamp": str(AT), "sign": SIGN.replace("=", "%3D")},
        {"timestamp": str(AT), "sign": "E" + SIGN[1:]},
        {"timestamp": str(AT), "sign": SIGN + "\udcff"},
        {"timestamp": str(AT), "sign": "签名"},
        {"timestamp": str(AT + 1), "sign": SIGN},
        pair(AT // 1000),
        pair(f" {AT}"),
        pair(f"+{AT}"),
        pair("１５７７２６２２３６７５７"),
        pair("9" * 5000),
        pair(AT, "another secret"),
    ],
)
def test_what_is_refused(given):
    assert not accepted(given, AT)


def test_whole_milliseconds_survive_the_way_there_and_back():
    for ms in range(1_763_900_000_000, 1_763_900_001_000):
        assert milliseconds(moment(ms)) == ms


def test_an_address_signed_before_is_signed_afresh():
    address = "https://oapi.dingtalk.com/robot/send?access_token=T%2BK"
    for at in (AT, AT + 1, AT + 2):
        address = signed_address(address, SECRET, moment(at))
    assert parse_qs(urlsplit(address).query) == {
        "access_token": ["T+K"],
        "timestamp": [str(AT + 2)],
        "sign": [sign(str(AT + 2), SECRET)],
    }
