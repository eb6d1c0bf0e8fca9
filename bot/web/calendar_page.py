"""What a person sees who opens a calendar's link in a browser: how to have it in their telephone's calendar.

Calendars fetch the file; only a browser says that it wants a document (``Sec-Fetch-Dest``, W3C Fetch Metadata). One
that says nothing gets the file, too.
"""

from html import escape

from aiohttp import web

AS_FILE = "file"
"""With this in the query a browser gets the file as well."""

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{name}</title>
<h1>{name}</h1>
<p><a href="{webcal}"><b>加到手机日历</b></a>（iPhone、Mac 点这里）</p>
<p>别的手机和电脑：复制下面的链接，在日历的设置里找“订阅日历”“通过链接添加”，粘贴进去。</p>
<p><textarea readonly rows="4" cols="40">{address}</textarea></p>
<p>订上以后有改动，日历自己跟着变。只能导入文件的日历不会跟着变：<a href="{file}">下载文件</a>。</p>
<p>{whose}不用了，在聊天里发 /日程 退订。</p>
</html>"""
_OWN = "链接只给自己用：谁拿到，谁就看得到。"
_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def is_wanted(request: web.Request) -> bool:
    """Whether somebody has opened the link in a browser."""
    return request.headers.get("Sec-Fetch-Dest") == "document" and AS_FILE not in request.query


def page(name: str, address: str, *, personal: bool) -> web.Response:
    """The page.

    Args:
        name: of the calendar.
        address: the whole address of its file.
        personal: it is one person's.
    """
    _, _, place = address.partition("://")
    text = _PAGE.format(
        name=escape(name),
        webcal=escape(f"webcal://{place}"),
        address=escape(address),
        file=escape(f"{address}?{AS_FILE}"),
        whose=_OWN if personal else "",
    )
    return web.Response(text=text, content_type="text/html", headers=_HEADERS)
