"""The app's access token: fetched when it is needed, kept until shortly before its end, one refresh at a time."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import ClientSession

from bot.clock import Clock
from bot.config.channels import DingTalkApp
from bot.errors import NotSent, Undecided
from bot.platforms.dingtalk.posting import post
from bot.platforms.dingtalk.verdicts import judge_api

EARLY = timedelta(minutes=5)
"""A token lives two hours; within this of its end it is not used any more."""

SECONDS = 3.0


@dataclass(frozen=True, eq=False)
class Token:
    """One token as it was given out. DingTalk may give the same text again, so tokens are told apart as objects."""

    text: str
    good_until: datetime


class AccessToken:
    """The token of one app (v1.0/oauth2/accessToken). It does not count against the monthly quota."""

    def __init__(self, channel: DingTalkApp, session: ClientSession, clock: Clock) -> None:
        self._channel = channel
        self._session = session
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token: Token | None = None

    async def get(self, instead_of: Token | None = None) -> Token:
        """A token to use now; ``instead_of`` is one that DingTalk has just refused.

        Raises:
            NotSent, RateLimited, Rejected: there is none; nothing else was sent either.
        """
        async with self._lock:
            known = self._token
            if known is None or known is instead_of or known.good_until <= self._clock.now():
                known = self._token = await self._fetch()
            return known

    async def _fetch(self) -> Token:
        secret = self._channel.client_secret.get_secret_value()
        body = json.dumps({"appKey": self._channel.client_id, "appSecret": secret}).encode()
        asked = self._clock.now()
        try:
            url = f"{self._channel.api_base}/v1.0/oauth2/accessToken"
            answer = judge_api(await post(self._session, url, body, seconds=SECONDS))
        except Undecided:
            raise NotSent("没有拿到钉钉的访问凭证。") from None
        token, seconds = answer.get("accessToken"), answer.get("expireIn")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise NotSent("没有拿到钉钉的访问凭证。")
        life = timedelta(seconds=min(max(seconds, 0), 86_400))
        return Token(token, asked + max(life - EARLY, life / 2))
