"""A post as an e-mail: HTML that mail programs take, and the same in plain text.

Mail programs read no style sheet (so each tag carries its style), fold nothing (so the notes are
left out unless they are wanted), set no formulas, and show an image only where it is in the mail.
An `.eml` file opens in Thunderbird, Apple Mail and Outlook as a draft to be sent.
"""

import hashlib
import html
import string
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from summarize.exports import math
from summarize.exports.content import content
from summarize.exports.export import Export, Image, Sheet
from summarize.exports.plain import plain

VARIABLES = ("title", "date", "excerpt", "body")
CLIPPED = 102_000  # bytes of HTML past which Gmail shows a part and a link
_SANS = "font-family:Helvetica,Arial,sans-serif;"
_STYLES = {
    "h1": f"{_SANS}font-size:20px;line-height:26px;margin:32px 0 12px 0;",
    "h2": f"{_SANS}font-size:20px;line-height:26px;margin:32px 0 12px 0;",
    "h3": f"{_SANS}font-size:17px;line-height:24px;margin:24px 0 8px 0;",
    "p": "margin:0 0 12px 0;",
    "ol": "margin:0 0 16px 0;padding:0 0 0 28px;",
    "ul": "margin:0 0 12px 0;padding:0 0 0 20px;",
    "li": "margin:0 0 10px 0;",
    "a": "color:#0550ae;",
    "blockquote": "margin:0 0 12px 0;padding:0 0 0 12px;border-left:3px solid #d1d9e0;",
    "code": "font-family:Menlo,Consolas,monospace;font-size:13px;",
    "pre": "white-space:pre-wrap;margin:0 0 12px 0;",
    "img": "max-width:100%;height:auto;border:0;",
    "table": "border-collapse:collapse;margin:0 0 12px 0;",
    "td": "border:1px solid #d1d9e0;padding:4px 8px;",
    "th": "border:1px solid #d1d9e0;padding:4px 8px;",
    "hr": "border:0;border-top:1px solid #d1d9e0;margin:28px 0 12px 0;",
}
_MAIL = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>$title</title>
</head>
<body style="margin:0;padding:0;">
<div style="display:none;max-height:0;overflow:hidden;">$excerpt</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:24px 12px;">
<!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="max-width:600px;">
<tr><td align="left" style="font-family:Georgia,serif;font-size:16px;line-height:25px;\
word-break:break-word;">
<h1 style="font-family:Helvetica,Arial,sans-serif;font-size:26px;line-height:32px;\
margin:0 0 4px 0;">$title</h1>
<p style="font-family:Helvetica,Arial,sans-serif;font-size:13px;line-height:20px;\
margin:0 0 20px 0;">$date</p>
$body
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
"""


def render(sheet: Sheet) -> bytes:
    """Return the mail as an `.eml` file: no sender and no recipient yet, and marked as a draft."""
    assert sheet.form is not None
    images: dict[str, Image] = {}

    def source(address: str) -> str:
        image = sheet.image(address)
        if image is None:
            return ""
        name = f"{hashlib.sha256(image.data).hexdigest()[:16]}@roundup"
        images[name] = image
        return f"cid:{name}"

    found = content(
        sheet.written, sheet.form, source,
        notes=sheet.notes, folds=False, formula=math.source, styles=_STYLES,
    )  # fmt: skip
    said = {name: html.escape(getattr(found, name)) for name in ("title", "date", "excerpt")}
    page = string.Template(sheet.template or _MAIL).substitute(**said, body=found.body.strip())
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = found.title
    mail["X-Unsent"] = "1"
    mail.set_content(f"{found.title}\n{found.date}\n\n{plain(found.body)}", cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    for name, image in images.items():
        main, _, sub = image.mime.partition("/")
        _html_part(mail).add_related(image.data, main, sub, cid=f"<{name}>")
    _name_boundaries(mail, hashlib.sha256(page.encode("utf-8", "replace")).hexdigest()[:24])
    return mail.as_bytes()


def shown(mail: bytes) -> int:
    """Return how many bytes of HTML a rendered mail has; its images are beside them."""
    read = message_from_bytes(mail, policy=SMTP)
    parts = (part for part in read.walk() if part.get_content_type() == "text/html")
    return sum(len(part.get_payload(decode=True)) for part in parts)


def _html_part(mail: EmailMessage) -> EmailMessage:
    part = list(mail.iter_parts())[-1]
    assert isinstance(part, EmailMessage)
    return part


def _name_boundaries(mail: EmailMessage, name: str) -> None:
    """Name what parts are set apart by after the mail, so that the same post is the same file."""
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=={name}.{number}==")


EXPORT = Export(render, ".eml", VARIABLES)
