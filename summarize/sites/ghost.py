"""Ghost, by its Admin API, signed with the key of a custom integration.

Source: https://docs.ghost.org/admin-api (JSON Web Tokens of five minutes; posts from HTML; images;
`updated_at`, by which Ghost tells that somebody else has changed a post).
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from summarize.errors import InputError, SiteError
from summarize.markup import Article, Media, blocks, ghost, plain
from summarize.settings import Clock
from summarize.sites.site import Account, Remote, Site
from summarize.web.site import SiteAnswer, SiteClient, Upload

KEY = "ROUNDUP_GHOST_KEY"
_API = "/ghost/api/admin"
_VERSION = "v5.0"  # of the API that is spoken here
_KEY = re.compile(r"(?P<id>[0-9a-f]{24}):(?P<secret>(?:[0-9a-f]{2}){32})")
_MINUTES = 5  # that a token may be old
_FORMATS = {"formats": "html,lexical"}


class Ghost:
    """An integration's access to a Ghost site."""

    def __init__(self, client: SiteClient) -> None:
        self._client = client

    async def greet(self) -> str:
        """See `Account.greet`."""
        site = await self._client.ask("GET", f"{_API}/site/", signed=False)
        if not (isinstance(site.data, dict) and "site" in site.data):
            raise self._no_api(site)
        # Which posts there are is not asked for; that it may be asked is.
        await self._post(await self._ask("GET", "/posts/", query={"limit": "1"}), "the posts")
        return str(site.data["site"].get("title", ""))

    def body(self, article: Article, media: Mapping[str, Media]) -> str:
        """See `Account.body`."""
        return ghost.rendered(blocks(article.html, media))

    async def upload(self, file: Upload) -> Media:
        """See `Account.upload`."""
        upload = Upload(file.name, file.type, file.data, {"purpose": "image", "ref": file.name})
        answer = await self._ask("POST", "/images/upload/", upload=upload)
        if answer.status == 413:
            raise SiteError(
                f"{file.name} ({len(file.data) / 1e6:.1f} MB) is larger than "
                f"{self._client.host} takes",
                "make it smaller, or raise the limit of the server in front of Ghost",
            )
        images = answer.data.get("images") if isinstance(answer.data, dict) else None
        if answer.status != 201 or not images:
            raise self._refusal(answer, f"the image {file.name}")
        return Media(str(images[0]["url"]))

    async def holds(self, media: Media) -> bool:
        """Take it that images stay: Ghost has no way to ask, nor to take one away."""
        return True

    async def find(self, number: str) -> Remote | None:
        """See `Account.find`."""
        answer = await self._ask("GET", f"/posts/{number}/", query=_FORMATS)
        if answer.status == 404:
            return None
        return self._remote(await self._post(answer, "the post"))

    async def alike(self, title: str, body: str) -> Remote | None:
        """See `Account.alike`."""
        query = {**_FORMATS, "filter": "status:draft", "limit": "15", "order": "updated_at desc"}
        answer = await self._ask("GET", "/posts/", query=query)
        found = answer.data.get("posts", []) if isinstance(answer.data, dict) else []
        words = plain(body)
        for post in found:
            if post["title"] == title and plain(post.get("html") or "") == words:
                return self._remote(post)
        return None

    async def put(
        self,
        article: Article,
        body: str,
        media: Mapping[str, Media],
        at: Remote | None,
        *,
        terms: bool,
    ) -> tuple[Remote, list[str]]:
        """See `Account.put`. Ghost has no categories: they are tags, the first ones."""
        post: dict[str, Any] = {
            "title": article.title[:255],
            "html": body,
            "custom_excerpt": article.excerpt[:300] or None,
        }
        teaser = media.get(article.teaser)
        if teaser:
            post["feature_image"] = teaser.url
        if terms:
            names = dict.fromkeys((*article.categories, *article.tags))
            post["tags"] = [{"name": name} for name in names]
        if at is None:
            post["status"] = "draft"
        else:
            post["updated_at"] = at.stamp
        query = {"source": "html", **_FORMATS}
        method, path = ("PUT", f"/posts/{at.id}/") if at else ("POST", "/posts/")
        answer = await self._ask(method, path, query=query, body={"posts": [post]})
        cut = (
            ["Ghost takes 300 characters of an excerpt: it is cut there"]
            if len(article.excerpt) > 300
            else []
        )
        return self._remote(await self._post(answer, "the post")), cut

    def _remote(self, post: Mapping[str, Any]) -> Remote:
        said = [post.get(field) or "" for field in ("title", "custom_excerpt", "lexical")]
        return Remote(
            id=str(post["id"]),
            link=str(post.get("url") or ""),
            edit=f"{self._client.base}/ghost/#/editor/post/{post['id']}",
            status=str(post["status"]),
            said="\n\n".join(said),
            stamp=str(post["updated_at"]),
        )

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        upload: Upload | None = None,
    ) -> SiteAnswer:
        return await self._client.ask(method, _API + path, query=query, body=body, upload=upload)

    async def _post(self, answer: SiteAnswer, what: str) -> Mapping[str, Any]:
        """Return the post of an answer, or the facts of a list of them."""
        if answer.status in {200, 201} and isinstance(answer.data, dict):
            posts = answer.data.get("posts", [])
            return posts[0] if posts else {}
        raise self._refusal(answer, what)

    def _no_api(self, answer: SiteAnswer) -> SiteError:
        host = self._client.host
        if answer.location and 300 <= answer.status < 400:
            there = answer.location.partition("/ghost/api")[0].rstrip("/")
            return SiteError(f"{host} redirects to {there}", "name that address, if it is yours")
        what = "a web page" if answer.is_page else "something else"
        return SiteError(
            f"there is no Ghost at {self._client.base}: it answers with {what} ({answer.status})",
            "name the address that Ghost's admin has, without /ghost",
        )

    def _refusal(self, answer: SiteAnswer, what: str) -> SiteError:
        """Say why the site did not do something."""
        host = self._client.host
        errors = answer.data.get("errors") if isinstance(answer.data, dict) else None
        if not errors:
            return SiteError(
                f"{host} answers with a web page instead of JSON ({answer.status})",
                "a firewall or a proxy may stand before Ghost",
            )
        first = errors[0]
        parts = [str(first[key]) for key in ("message", "context") if first.get(key)]
        said = plain(" ".join(parts))[:200]
        if answer.status == 409 or first.get("type") == "UpdateCollisionError":
            return SiteError(
                f"{host}: somebody is changing the post there right now; it is left as it is",
                "close the editor and run the same command again",
            )
        if answer.status in {401, 403}:
            return SiteError(
                f"{host} does not take the key ({answer.status}): {said}",
                f"see {KEY}: the Admin API key of a custom integration, under Settings, "
                "Integrations",
            )
        return SiteError(f"{host} did not take {what} ({answer.status}): {said}")


def token(key: str, now: float) -> str:
    """Return a token that lasts five minutes (RFC 7519, signed with HS256)."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise InputError(
            f"{KEY} is no Admin API key",
            "it is 24 hexadecimal digits, a colon and 64 more: Settings, Integrations in Ghost",
        )
    header = {"alg": "HS256", "kid": found["id"], "typ": "JWT"}
    claims = {"iat": int(now), "exp": int(now) + _MINUTES * 60, "aud": "/admin/"}
    signed = f"{_base64(json.dumps(header).encode())}.{_base64(json.dumps(claims).encode())}"
    made = hmac.new(bytes.fromhex(found["secret"]), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64(made)}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _signer(key: str, clock: Clock) -> Callable[[], Mapping[str, str]]:
    token(key, 0)  # refused before anything is asked
    return lambda: {
        "Authorization": f"Ghost {token(key, clock.now())}",
        "Accept-Version": _VERSION,
    }


@asynccontextmanager
async def _connect(
    base: str, secrets: Mapping[str, str], clock: Clock, allow_http: bool
) -> AsyncIterator[Account]:
    sign = _signer(secrets[KEY].strip(), clock)
    async with SiteClient(base, clock, sign=sign, allow_http=allow_http) as client:
        yield Ghost(client)


SITE = Site("Ghost", (KEY,), _connect)
