"""What stands between the network and the simulator: only its own address, only bounded bodies, only JSON errors.

The simulator has no login, so a foreign page in the same browser must not reach it: a Host that is not the socket's own
address is DNS rebinding, a foreign Origin is a cross-site request.
"""

import json
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any, NoReturn

import structlog
from aiohttp import BodyPartReader, web

from bot.errors import StoreError, UserError

JSON_BYTES = 256 * 1024
UPLOAD_BYTES = 10 * 1024 * 1024
JSON_DEPTH = 20
_ENVELOPE_BYTES = 64 * 1024  # part headers and boundaries round an upload

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_HTTP_PROBLEMS = {404: "没有这个地址。", 405: "这个地址不支持这种请求方法。"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
log = structlog.get_logger(__name__)


class BadRequest(UserError):
    """A request that cannot be served; ``status`` is the HTTP code (4xx)."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


def guard(host: str) -> Any:
    """The middleware that refuses foreign callers and answers every failure as ``{"error": …}``.

    Args:
        host: the name or address the simulator was told to listen on.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            _check_caller(request, host)
            response = await handler(request)
        except BadRequest as error:
            response = failure(error.status, error.problem)
        except UserError as error:
            response = failure(400, "\n".join(error.lines))
        except StoreError as error:
            log.warning("simulator_store_down", path=request.path, problem=str(error))
            response = failure(503, "数据暂时写不进去\uff0c什么也没有保存\uff1b请稍后再发一次。")
        except web.HTTPException as error:
            if error.status < 400:
                raise
            response = failure(error.status, _HTTP_PROBLEMS.get(error.status, "请求有误。"))
        except Exception:
            log.exception("simulator_request_failed", path=request.path)
            response = failure(500, "😣 模拟器出了问题\uff0c详情在启动它的终端里。")
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)  # the bot's own pages bring theirs
        return response

    return middleware


def failure(status: int, problem: str) -> web.Response:
    """The error shape of the contract."""
    return web.json_response({"error": problem}, status=status, dumps=_dumps)


def answer(data: object) -> web.Response:
    """A JSON answer with readable Chinese."""
    return web.json_response(data, dumps=_dumps)


def _dumps(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)


def _check_caller(request: web.Request, host: str) -> None:
    """Raises BadRequest(403) unless Host, and Origin where there is one, are the address this socket answers on."""
    own = _own_addresses(request, host)
    if [each.lower() for each in request.headers.getall("Host", [])] not in [[address] for address in own]:
        raise BadRequest(403, "只能从模拟器自己的地址打开\uff08Host 不符\uff09。")
    origins = {each.lower() for each in request.headers.getall("Origin", [])}
    if not origins <= {f"http://{address}" for address in own}:
        raise BadRequest(403, "别的网页不能调用模拟器\uff08Origin 不符\uff09。")


def _own_addresses(request: web.Request, host: str) -> set[str]:
    socket = request.transport.get_extra_info("sockname") if request.transport else None
    if not socket:
        return set()
    address = ip_address(socket[0].partition("%")[0])
    names = {f"[{address}]" if address.version == 6 else str(address), host.lower()}
    if address.is_loopback:
        names.add("localhost")
    return {f"{name}:{socket[1]}" for name in names} | (names if socket[1] == 80 else set())


async def read_json(request: web.Request) -> dict[str, Any]:
    """The request's JSON object.

    Raises:
        BadRequest: 413 above ``JSON_BYTES``; 400 when it is no UTF-8, no JSON object, or nested too deep.
    """
    raw = await _read_body(request, JSON_BYTES)
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except RecursionError:
        raise BadRequest(400, f"JSON 嵌套太深\uff0c最多 {JSON_DEPTH} 层。") from None
    except ValueError:
        raise BadRequest(400, "正文不是 UTF-8 的 JSON。") from None
    if not isinstance(data, dict):
        raise BadRequest(400, '正文应是一个 JSON 对象\uff0c例如 {"text": "/帮助"}。')
    _check_depth(data)
    try:
        _dumps(data).encode()
    except UnicodeEncodeError:
        raise BadRequest(400, "文字里有不成对的代理字符\uff0c无法保存。") from None
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _check_depth(data: object) -> None:
    level = [data]
    for _ in range(JSON_DEPTH):
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    if any(isinstance(each, (dict, list)) for each in level):
        raise BadRequest(400, f"JSON 嵌套太深\uff0c最多 {JSON_DEPTH} 层。")


async def _read_body(request: web.Request, limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise BadRequest(413, f"正文太大\uff0c最多 {limit // 1024} KiB。")
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise BadRequest(413, f"正文太大\uff0c最多 {limit // 1024} KiB。")
    return bytes(body)


async def read_upload(request: web.Request) -> tuple[bytes, str]:
    """The bytes and the bare file name of the form field ``file``.

    Raises:
        BadRequest: 413 above ``UPLOAD_BYTES``; 400 when there is no such field or the form is broken.
    """
    if (request.content_length or 0) > UPLOAD_BYTES + _ENVELOPE_BYTES:
        raise BadRequest(413, "文件太大\uff0c最多 10 MB。")
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                return await _read_part(part), _bare(part.filename)
    except (ValueError, AssertionError):
        raise BadRequest(400, "上传的表单不完整。") from None
    raise BadRequest(400, "表单里没有名为 file 的文件。")


async def _read_part(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        data += chunk
        if len(data) > UPLOAD_BYTES:
            raise BadRequest(413, "文件太大\uff0c最多 10 MB。")
    return bytes(data)


def _bare(filename: str | None) -> str:
    """The last part of a name that may carry a path of either kind of system."""
    name = (filename or "").replace("\\", "/").rpartition("/")[2].strip()
    if not name:
        raise BadRequest(400, "上传的文件没有文件名。")
    return name
