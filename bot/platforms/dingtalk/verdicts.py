"""DingTalk's answers → sent, or which delivery error. Codes and reactions are a table.

Old interfaces (robot/send, sendBySession) answer ``{errcode, errmsg}``, the samples print errcode as a number and as a
string; new ones (api.dingtalk.com) HTTP 4xx and ``{code, message}``. Source: open.dingtalk.com,
custom-robots-send-group-messages (2026-07), how-to-process-api-throttling (2026-05), and older codes seen in the field.
"""

from typing import Any, Literal, NamedTuple

from bot.errors import DeliveryError, NotSent, RateLimited, Rejected, Undecided
from bot.platforms.dingtalk.posting import Response

BANNED_SECONDS = 300.0
"""An address that asked more than 10,000 times in 20 s is shut out for five minutes."""

SESSION_ENDED = 300001


class Rule(NamedTuple):
    """What a code means: try again ("later"), rest ``seconds`` first ("wait"; 0 = the channel's penalty), "final"."""

    outcome: Literal["later", "wait", "final"]
    advice: str
    seconds: float = 0.0


_TOO_FAST = Rule("wait", "发得太快\uff0c钉钉要求等一等")
_UNSAFE = Rule("final", "内容没有通过钉钉的审核")
_TOO_LONG = Rule("final", "消息太长")
_OUR_FAULT = Rule("final", "请求的格式不对\uff0c请告诉管理员")
_BAD_TOKEN = Rule("final", "机器人的 Webhook 地址失效了\uff0c请在群里重新复制")

WEBHOOK_RULES: dict[int, Rule] = {
    -1: Rule("later", "钉钉系统繁忙"),
    130101: _TOO_FAST,
    410100: _TOO_FAST,
    460101: _TOO_LONG,
    101002: _TOO_LONG,
    430101: _UNSAFE,
    430102: _UNSAFE,
    430103: _UNSAFE,
    430104: _UNSAFE,
    40035: _OUR_FAULT,
    43004: _OUR_FAULT,
    400105: _OUR_FAULT,
    310000: Rule("final", "没有通过机器人的安全设置\uff0c先核对服务器时间\uff0c再核对加签、关键词和 IP"),
    SESSION_ENDED: _BAD_TOKEN,
    400101: _BAD_TOKEN,
    400013: Rule("final", "群已经解散"),
    400102: Rule("final", "机器人已停用\uff0c请在群设置里启用"),
    400106: Rule("final", "机器人已被移出群"),
}

# The first rule whose word occurs in the code: DingTalk puts one and the same word behind changing prefixes.
API_RULES: tuple[tuple[str, Rule], ...] = (
    ("QpsLimitForAppkeyAndApi", Rule("wait", "调用太快", 1.0)),
    ("QpsLimitForApi", Rule("wait", "钉钉整个平台正忙", 60.0)),
    ("ApiCountLimitForOrg", Rule("final", "学校这个月的接口调用次数用完了\uff0c请管理员在开发者后台查看用量")),
    ("AccessTokenPermissionDenied", Rule("final", "应用没有权限\uff0c请在开发者后台的权限管理里申请")),
    ("invalidClientIdOrSecret", Rule("final", "应用的 Client ID 或 Client Secret 不对")),
    ("InvalidAuthentication", Rule("later", "访问凭证失效了")),
    ("send.too.fast", _TOO_FAST),
    ("too.many.group", _TOO_FAST),
    ("contain.notAllowed", _UNSAFE),
    ("SystemBusy", Rule("later", "钉钉系统繁忙")),
    ("ServiceUnavailable", Rule("later", "钉钉暂时不可用")),
)

_UNKNOWN_ERRCODE = Rule("later", "钉钉没有收下")
_UNKNOWN_REFUSAL = Rule("final", "钉钉没有收下")


def errcode(response: Response) -> int | None:
    """The code of an old interface; None where there is none."""
    try:
        return int((response.data or {}).get("errcode", ""))
    except (TypeError, ValueError, OverflowError):
        return None


def api_code(response: Response) -> str:
    """The code of a new interface; "" where there is none."""
    code = (response.data or {}).get("code")
    return code if isinstance(code, str) else ""


def judge_webhook(response: Response) -> None:
    """Return when robot/send or sendBySession has taken the message.

    Raises:
        DeliveryError: what the code says; a code in no table is "try again"; no code at all is undecided.
    """
    _check_ban(response)
    code = errcode(response)
    if code == 0 and response.status < 300:
        return
    if code:
        raise _error(WEBHOOK_RULES.get(code, _UNKNOWN_ERRCODE), code, (response.data or {}).get("errmsg"))
    raise _by_status(response)


def judge_api(response: Response) -> dict[str, Any]:
    """The answer of api.dingtalk.com when it is one.

    Raises:
        DeliveryError: what the code says; a 4xx in no table is final; no code at all is undecided.
    """
    _check_ban(response)
    code = api_code(response)
    if code:
        unknown = _UNKNOWN_REFUSAL if 400 <= response.status < 500 else None
        rule = next((rule for word, rule in API_RULES if word in code), unknown)
        if rule:
            raise _error(rule, code, _detail(response.data or {}))
    elif response.status < 300 and response.data is not None:
        return response.data
    raise _by_status(response)


def _detail(data: dict[str, Any]) -> str:
    """DingTalk's sentence, and the permissions it misses."""
    denied = data.get("accessdenieddetail") or data.get("accessDeniedDetail")
    scopes = denied.get("requiredScopes") if isinstance(denied, dict) else None
    names = [str(scope) for scope in scopes] if isinstance(scopes, list) else []
    return " ".join([str(data.get("message", "")), *names])


def _error(rule: Rule, code: object, said: object) -> DeliveryError:
    text = f"{rule.advice}\uff08{code} {str(said or '')[:200]}\uff09".replace(" \uff09", "\uff09")
    if rule.outcome == "wait":
        return RateLimited(text, rule.seconds)
    return NotSent(text) if rule.outcome == "later" else Rejected(text)


def _check_ban(response: Response) -> None:
    """The guard before the interfaces answers with an object of its own or a page, with any status."""
    if (response.data or {}).get("punish") == "deny" or (response.html and response.status < 500):
        raise RateLimited("这台服务器的地址被钉钉暂时封禁", BANNED_SECONDS)


def _by_status(response: Response) -> DeliveryError:
    """An answer without a code: a gateway's page, or half of something."""
    status = response.status
    if status == 429 or (status == 503 and response.wait):
        return RateLimited("发得太快\uff0c钉钉要求等一等", response.wait)
    if status == 503:
        return NotSent("钉钉暂时不可用\uff08HTTP 503\uff09")
    if 300 <= status < 500:
        return Rejected(f"钉钉没有收下\uff08HTTP {status}\uff09")
    return Undecided(f"看不懂钉钉的回应\uff08HTTP {status}\uff09\uff0c不知道有没有送到。")
