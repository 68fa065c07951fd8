"""WordPress, by its REST API, signed with an application password.

Source: https://developer.wordpress.org/rest-api/reference/ (posts, media, users, block types) and
https://make.wordpress.org/core/2020/11/05/application-passwords-integration-guide/.
"""

import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from summarize.errors import InputError, SiteError
from summarize.markup import Article, Media, blocks, plain, wordpress
from summarize.settings import Clock
from summarize.sites.site import Account, Remote, Site
from summarize.web.site import SiteAnswer, SiteClient, Upload

USER, PASSWORD = "ROUNDUP_WORDPRESS_USER", "ROUNDUP_WORDPRESS_PASSWORD"
# Where the API is: with addresses that say something, and with plain ones.
_ROOTS = ("/wp-json", "/?rest_route=")
_TERMS = {"categories": "category", "tags": "tag"}


class WordPress:
    """An account at a WordPress site."""

    def __init__(self, client: SiteClient) -> None:
        self._client = client
        self._root = _ROOTS[0]
        self._has_details = True

    async def greet(self) -> str:
        """See `Account.greet`."""
        await self._find_root()
        me = await self._ask("GET", "/wp/v2/users/me", query={"context": "edit"})
        if not me.get("capabilities", {}).get("edit_posts"):
            raise SiteError(
                f"{self._client.host}: {me.get('name', 'this user')} may not write posts there",
                "use a user whose role is contributor, author, editor or administrator",
            )
        known = await self._answer("GET", "/wp/v2/block-types/core/details")
        self._has_details = known.status != 404
        return str(me.get("name") or me.get("slug") or "")

    def body(self, article: Article, media: Mapping[str, Media]) -> str:
        """See `Account.body`."""
        if article.markup:
            return wordpress.placed(article.markup, media, has_details=self._has_details)
        return wordpress.rendered(blocks(article.html, media), has_details=self._has_details)

    async def upload(self, file: Upload) -> Media:
        """See `Account.upload`."""
        answer = await self._answer("POST", "/wp/v2/media", upload=file)
        if answer.status == 413 or _says_too_large(answer.data):
            raise SiteError(
                f"{file.name} ({len(file.data) / 1e6:.1f} MB) is larger than "
                f"{self._client.host} takes",
                "make it smaller, or raise upload_max_filesize and post_max_size there",
            )
        if not (answer.status == 201 and isinstance(answer.data, dict)):
            raise self._refusal(answer, f"the image {file.name}")
        return Media(str(answer.data["source_url"]), int(answer.data["id"]))

    async def holds(self, media: Media) -> bool:
        """See `Account.holds`."""
        answer = await self._answer("GET", f"/wp/v2/media/{media.id}")
        return answer.status == 200

    async def find(self, number: str) -> Remote | None:
        """See `Account.find`."""
        answer = await self._answer("GET", f"/wp/v2/posts/{number}", query={"context": "edit"})
        if answer.status in {404, 410}:
            return None
        found = self._object(answer, f"post {number}")
        return None if found.get("status") == "trash" else self._remote(found)

    async def alike(self, title: str, body: str) -> Remote | None:
        """See `Account.alike`."""
        query = {"context": "edit", "status": "draft", "search": title, "per_page": "20"}
        answer = await self._answer("GET", "/wp/v2/posts", query=query)
        found = answer.data if isinstance(answer.data, list) else []
        words = plain(body)
        for post in found:
            if post["title"]["raw"] == title and plain(post["content"]["raw"]) == words:
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
        """See `Account.put`."""
        told: list[str] = []
        fields: dict[str, Any] = {
            "title": article.title,
            "content": body,
            "excerpt": article.excerpt,
        }
        if at is None:
            fields["status"] = "draft"
        teaser = media.get(article.teaser)
        if teaser and teaser.id:
            fields["featured_media"] = teaser.id
        if terms:
            for field in _TERMS:
                names: tuple[str, ...] = getattr(article, field)
                fields[field] = await self._terms(field, names, told)
        path = "/wp/v2/posts" + (f"/{at.id}" if at else "")
        # WordPress takes PUT for what is there; that may be sent again.
        answer = await self._answer(
            "PUT" if at else "POST", path, query={"context": "edit"}, body=fields
        )
        return self._remote(self._object(answer, "the post", wanted=(200, 201))), told

    async def _terms(self, field: str, names: tuple[str, ...], told: list[str]) -> list[int]:
        """Return the numbers of categories or tags by these names; make those that are missing."""
        numbers: list[int] = []
        for name in names:
            query = {"search": name, "per_page": "100", "context": "view"}
            found = await self._answer("GET", f"/wp/v2/{field}", query=query)
            listed = found.data if isinstance(found.data, list) else []
            number = next((t["id"] for t in listed if _same(t["name"], name)), None)
            if number is None:
                made = await self._answer("POST", f"/wp/v2/{field}", body={"name": name})
                data = made.data if isinstance(made.data, dict) else {}
                there = data.get("data")  # of one that is there by another spelling
                number = data.get("id") or (there or {}).get("term_id")
            if isinstance(number, int):
                numbers.append(number)
            else:
                told.append(f"{name} is no {_TERMS[field]} of the site, and you may not make one")
        return numbers

    def _remote(self, post: Mapping[str, Any]) -> Remote:
        said = [post[field]["raw"] for field in ("title", "excerpt", "content")]
        link = str(post["link"])
        return Remote(
            id=str(post["id"]),
            link=link,
            edit=f"{self._client.base}/wp-admin/post.php?post={post['id']}&action=edit",
            status=str(post["status"]),
            said="\n\n".join(said),
            stamp=str(post.get("modified_gmt", "")),
        )

    async def _find_root(self) -> None:
        """Find where the API is. Raises `SiteError` that says what is there instead."""
        seen: list[SiteAnswer] = []
        for root in _ROOTS:
            answer = await self._client.ask("GET", f"{root}/", signed=False)
            if isinstance(answer.data, dict) and "wp/v2" in answer.data.get("namespaces", ()):
                self._root = root
                if "application-passwords" not in (answer.data.get("authentication") or ()):
                    raise SiteError(
                        f"{self._client.host} takes no application passwords",
                        "it has to be reached by https, and no plugin may have turned them off",
                    )
                return
            seen.append(answer)
        raise self._no_api(seen)

    def _no_api(self, seen: list[SiteAnswer]) -> SiteError:
        host = self._client.host
        moved = next((a for a in seen if a.location and 300 <= a.status < 400), None)
        if moved:
            there = moved.location.partition("/wp-json")[0].partition("?")[0].rstrip("/")
            return SiteError(
                f"{host} redirects to {there}", "if that is your site, name that address"
            )
        if any(answer.status in {401, 403} for answer in seen):
            return SiteError(
                f"{host} keeps its REST API closed ({seen[0].status})",
                "a security plugin or the host's firewall may have to let it through",
            )
        if any(answer.status >= 500 for answer in seen):
            return SiteError(f"{host} is in trouble (it answers {seen[0].status})", "try later")
        what = "a web page" if any(answer.is_page for answer in seen) else "something else"
        return SiteError(
            f"there is no WordPress REST API at {self._client.base}: it answers with {what} "
            f"({seen[0].status})",
            "name the address that the site's front page has, with the folder it may lie in",
        )

    async def _answer(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        upload: Upload | None = None,
    ) -> SiteAnswer:
        return await self._client.ask(
            method, self._root + path, query=query, body=body, upload=upload
        )

    async def _ask(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        return self._object(await self._answer(method, path, query=query), "the account")

    def _object(
        self, answer: SiteAnswer, what: str, wanted: tuple[int, ...] = (200,)
    ) -> Mapping[str, Any]:
        if answer.status in wanted and isinstance(answer.data, dict):
            return answer.data
        raise self._refusal(answer, what)

    def _refusal(self, answer: SiteAnswer, what: str) -> SiteError:
        """Say why the site did not do something."""
        host = self._client.host
        if answer.is_page or not isinstance(answer.data, dict):
            return SiteError(
                f"{host} answers with a web page instead of JSON ({answer.status})",
                "a firewall, a login page or a failing plugin may stand before its REST API",
            )
        said = " ".join(plain(str(answer.data.get("message", ""))).split())[:200]
        if answer.status == 401:
            return SiteError(
                f"{host} does not take the user and the application password: {said}",
                f"see {USER} and {PASSWORD}; a new one is made in the profile, below "
                "Application Passwords",
            )
        if answer.status == 403:
            return SiteError(f"{host} does not allow it ({what}): {said}", "see your role there")
        return SiteError(f"{host} did not take {what} ({answer.status}): {said}")


def _says_too_large(data: Any) -> bool:
    """Tell whether a refusal means that a file is too large.

    PHP drops a request that is larger than `post_max_size`, and WordPress wonders where it is.
    """
    if not isinstance(data, dict):
        return False
    lost = {"rest_upload_no_data", "rest_upload_no_content_disposition", "rest_upload_file_too_big"}
    return data.get("code") in lost or "upload_max_filesize" in str(data.get("message"))


def _same(listed: str, name: str) -> bool:
    """Tell whether a term, whose name comes with entities, is the one of this name."""
    return plain(listed).casefold() == name.casefold()


@asynccontextmanager
async def _connect(
    base: str, secrets: Mapping[str, str], clock: Clock, allow_http: bool
) -> AsyncIterator[Account]:
    pair = f"{secrets[USER]}:{secrets[PASSWORD]}".encode()
    if ":" in secrets[USER]:
        raise InputError(f"{USER} holds a colon: it is the name that you log in with")
    header = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    async with SiteClient(base, clock, sign=lambda: header, allow_http=allow_http) as client:
        yield WordPress(client)


SITE = Site("WordPress", (USER, PASSWORD), _connect)
