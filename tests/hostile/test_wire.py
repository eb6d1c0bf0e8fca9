"""Bytes that are no request, or hardly one: written by hand against the whole bot."""

import asyncio

import pytest
import structlog

from tests.hostile.site import SECRETS, Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

TWO = b"Content-Length: 2\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def post(fields: bytes = TWO, body: bytes = b"{}", target: bytes = b"/callback/ding", version: bytes = b"1.1") -> bytes:
    return b"POST " + target + b" HTTP/" + version + b"\r\nHost: x\r\n" + fields + b"\r\n" + body


def get(
    method: bytes = b"GET", target: bytes = b"/callback/ding", fields: bytes = b"", version: bytes = b"1.1"
) -> bytes:
    return method + b" " + target + b" HTTP/" + version + b"\r\nHost: x\r\n" + fields + b"\r\n"


WIRE: dict[str, tuple[bytes, int]] = {
    "HTTP/1.0": (b"POST /callback/ding HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", 403),
    "HTTP/0.9": (b"GET /callback/ding\r\n\r\n", 405),
    "HTTP/3.7": (get(version=b"3.7"), 400),
    "HTTP/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "HTTP/2 by upgrade": (
        post(TWO + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"),
        403,
    ),
    "WebSocket": (get(fields=b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"), 405),
    "TLS": (bytes.fromhex("160301020001000001fc0303") + bytes(100), 400),
    "garbage": (b"\x00\x01\x02\r\n\r\n", 400),
    "OPTIONS": (get(b"OPTIONS"), 405),
    "OPTIONS *": (get(b"OPTIONS", b"*"), 404),
    "HEAD": (get(b"HEAD"), 405),
    "TRACE": (get(b"TRACE"), 405),
    "CONNECT to us": (get(b"CONNECT"), 404),
    "CONNECT through us": (get(b"CONNECT", b"example.com:443"), 404),
    "the root": (get(target=b"/"), 404),
    "POST to a page": (post(target=b"/health/live"), 405),
    "absolute address": (post(target=b"http://evil.example/callback/ding"), 403),
    "broken absolute address": (post(target=b"http://[::1/callback/ding"), 400),
    "port beyond all ports": (post(target=b"http://a:99999999/callback/ding"), 400),
    "NUL in the path": (post(target=b"/callback/ding\x00"), 400),
    "written NUL in the path": (post(target=b"/callback/ding%00"), 404),
    "broken escape in the path": (post(target=b"/callback/ding%zz"), 404),
    "two steps up": (get(target=b"/callback/ding/../../health/live"), 404),
    "escapes that are no UTF-8": (
        post(
            b"Content-Length: 15\r\n", b'{"encrypt":"x"}', b"/callback/wecom?timestamp=%ff&nonce=%00&msg_signature=%ed"
        ),
        403,
    ),
    "chunk without a size": (post(CHUNKED, b"ZZ\r\nab\r\n0\r\n\r\n"), 400),
    "broken second chunk": (post(CHUNKED, b"2\r\n{}ZZ\r\n"), 400),
    "negative chunk": (post(CHUNKED, b"-2\r\n{}\r\n0\r\n\r\n"), 400),
    "endless chunk": (post(CHUNKED, b"FFFFFFFFFFFFFFFFFF\r\n{}\r\n"), 400),
    "20,000 trailers": (post(CHUNKED, b"2\r\n{}\r\n0\r\n" + b"x: y\r\n" * 20_000 + b"\r\n"), 400),
    "two lengths": (post(TWO + b"Content-Length: 3\r\n"), 400),
    "the same length twice": (post(TWO + TWO), 400),
    "negative length": (post(b"Content-Length: -1\r\n"), 400),
    "length with a sign": (post(b"Content-Length: +2\r\n"), 400),
    "length beyond all numbers": (post(b"Content-Length: " + b"9" * 30 + b"\r\n"), 400),
    "length and chunks": (post(TWO + CHUNKED, b"2\r\n{}\r\n0\r\n\r\n"), 400),
    "unknown coding": (post(b"Transfer-Encoding: xchunked\r\n", b"2\r\n{}\r\n0\r\n\r\n"), 400),
    "an expectation we meet": (post(TWO + b"Expect: 100-continue\r\n"), 100),
    "an expectation nobody meets": (post(TWO + b"Expect: cake\r\n"), 417),
    "NUL in a header": (post(TWO + b"sign: what nobody should see\x00\r\n"), 400),
    "header beyond ASCII": (post(TWO + b"sign: \xff\xfe\r\ntimestamp: \xd9\xa1\r\n"), 403),
    "header of 64 kB": (post(b"A: " + b"a" * 65_536 + b"\r\n"), 400),
    "address of 64 kB": (get(target=b"/?" + b"a" * 65_536), 400),
    "200 headers": (post(b"".join(b"A%d: b\r\n" % number for number in range(200))), 400),
    "folded header": (post(TWO + b"A: b\r\n c\r\n"), 400),
    "blank before the colon": (post(b"Content-Length : 2\r\n"), 400),
    "bare line feeds": (post().replace(b"\r\n", b"\n"), 400),
    "no host": (b"POST /callback/ding HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", 400),
    "two hosts": (post(TWO + b"Host: y\r\n"), 400),
    "nonsense for an address": (post(TWO + b"X-Forwarded-For: ,,[::1],%,\xff\r\n"), 403),
    "nonsense for a type": (post(TWO + b'Content-Type: ;;;==="\r\n'), 403),
    "nonsense for a cookie": (post(TWO + b"Cookie: ====;;;\xff\r\n"), 403),
}


@pytest.mark.parametrize("name", WIRE)
async def test_hardly_a_request(site: Site, name: str) -> None:
    sent, status = WIRE[name]
    before = await site.kept()
    reader, writer = await asyncio.open_connection("127.0.0.1", site.url.port)
    with structlog.testing.capture_logs() as logs:
        writer.write(sent)
        line = await asyncio.wait_for(reader.readline(), 2)
        if status == 100:
            line = (await reader.readuntil(b"HTTP/1.1 ") + await reader.readline()).splitlines()[-1]
            status = 403
    writer.close()
    assert line.split()[1] == str(status).encode()
    assert await site.kept() == before
    assert [line["event"] for line in logs] in (["http.refused"], ["callback.refused"])
    assert logs[0]["reason"]
    written = repr(logs)
    assert not any(word in written for word in (*SECRETS, "aaaa", "nobody should see"))


async def test_a_sender_who_hangs_up_in_the_middle_is_one_line(site: Site) -> None:
    with structlog.testing.capture_logs() as logs:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.url.port)
        writer.write(post(b"Content-Length: 50\r\nExpect: 100-continue\r\n", b"{"))
        assert b" 100 " in await reader.readline()  # the body is being read
        writer.transport.abort()
        async with asyncio.timeout(2):
            while not logs:  # noqa: ASYNC110 - a list, and no event
                await asyncio.sleep(0.001)
    assert [line["reason"] for line in logs] == ["body broken off"]


async def test_a_hundred_requests_in_one_piece_are_all_answered(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.url.port)
    writer.write(get(target=b"/health/live") * 99 + get(target=b"/health/live", fields=b"Connection: close\r\n"))
    answers = await asyncio.wait_for(reader.read(), 2)
    while more := await reader.read():
        answers += more
    assert answers.count(b"HTTP/1.1 200 OK") == 100
