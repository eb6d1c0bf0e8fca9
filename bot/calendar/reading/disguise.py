"""What a file is by its first bytes, whatever its name says: the sentence for one that must be saved anew.

Signatures: the formats' own specifications (MS-CFB 2.2, ISO 32000-1 7.5.2, RTF 1.9, JFIF, PNG, ODF 1.2 part 3).
"""

from bot.errors import UserError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Names of OLE streams are UTF-16; this one holds a document behind a password (MS-OFFCRYPTO 2.3.4.4).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD, _BOOK = "WordDocument".encode("utf-16-le"), "Workbook".encode("utf-16-le")
_TO_WORD, _TO_EXCEL = "请在 Word 或 WPS 里另存为 .docx 再发。", "请在 Excel 或 WPS 里另存为 .xlsx 再发。"
_PASTE = "请发 Word、Excel 原件\uff0c或者把文字直接贴进对话。"

_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF", _PASTE),
    (b"\xff\xd8\xff", "图片", _PASTE),
    (b"\x89PNG", "图片", _PASTE),
    (b"GIF8", "图片", _PASTE),
    (b"BM", "图片", _PASTE),
    (b"{\\rtf", "RTF 文档", _TO_WORD),
    (b"Rar!", "压缩包", "请解压以后发里面的文件。"),
    (b"7z\xbc\xaf", "压缩包", "请解压以后发里面的文件。"),
)
#: Endings of kinds that are not read → how to save them.
_ENDINGS = {
    **dict.fromkeys((".doc", ".docm", ".dot", ".dotx", ".wps", ".wpt", ".odt", ".rtf", ".pages"), _TO_WORD),
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".xlt", ".et", ".ett", ".ods", ".numbers"), _TO_EXCEL),
    **dict.fromkeys((".pdf", ".jpg", ".jpeg", ".png", ".bmp", ".gif", ".heic", ".webp"), _PASTE),
    **dict.fromkeys((".zip", ".rar", ".7z"), "请解压以后发里面的文件。"),
}


def advice(ending: str) -> str | None:
    """How to save a file with this ending, in lower case; None for one that nothing is known of."""
    return _ENDINGS.get(ending)


def check_disguise(data: bytes, shown: str) -> None:
    """Raises ``UserError`` when the bytes are an old, protected or quite other kind of file; ``shown`` is its name."""
    if data.startswith(_OLE):
        raise _old(data, shown)
    for start, kind, how in _STARTS:
        if data.startswith(start) and (start != b"BM" or b"\x00" in data[:16]):
            raise UserError(f"《{shown}》其实是{kind}\uff0c读不了。", how)


def _old(data: bytes, shown: str) -> UserError:
    if _ENCRYPTED in data:
        return UserError(f"《{shown}》加了密码\uff0c读不了。", "请去掉密码另存后再发。")
    if _BOOK in data and _WORD not in data:
        return UserError(f"《{shown}》是老格式的 Excel 文件\uff08.xls\uff09\uff0c读不了。", _TO_EXCEL)
    return UserError(f"《{shown}》是老格式的 Word 文件\uff08.doc\uff09\uff0c读不了。", _TO_WORD)
