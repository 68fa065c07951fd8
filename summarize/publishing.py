"""A post and the site where it is published: what to send, and what not to overwrite."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from summarize import published
from summarize.errors import OutputError, SiteError
from summarize.markup import Article, Media
from summarize.pictures import Picture
from summarize.published import Copies, Copy, Uploaded, checksum
from summarize.sites import Account, Remote
from summarize.web.site import Upload


@dataclass(frozen=True)
class Told:
    """What came of publishing, for the person. `backup` is what the site had said instead."""

    remote: Remote
    made: bool
    changed: bool
    uploaded: int = 0
    backup: Path | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publishing:
    """A post, what it says now, and what is known of its copy at one site."""

    post: Path
    article: Article
    pictures: Sequence[Picture]
    kind: str
    base: str
    force: bool = False

    async def run(self, account: Account) -> Told:
        """Make a draft, or renew the post that was made of it before.

        Raises `SiteError` where the site refuses, and for what somebody wrote there since.
        """
        copies = published.load(self.post)
        copy = copies.at.get(self.base) or Copy(kind=self.kind)
        remote, backup = await self._there(account, copy)
        if remote is None:
            copy = copy.model_copy(update={"id": "", "said": "", "sent": "", "terms": ""})
        media, copy, uploaded = await self._with_images(account, copies, copy)
        body = account.body(self.article, media)
        sent, terms = self._checksums(body, media)
        if remote is None and copy.pending:
            remote = await account.alike(self.article.title, body)
        elif remote and (copy.sent, copy.terms) == (sent, terms) and not self.force:
            self._keep(copies, copy.model_copy(update={"link": remote.link}))
            return Told(remote, made=False, changed=False)
        made = remote is None
        if made:  # a run that ends here must not make a second one next time
            copy = copy.model_copy(update={"pending": sent})
            self._keep(copies, copy)
        remote, notices = await account.put(
            self.article, body, media, remote, terms=copy.terms != terms
        )
        done = {
            "id": remote.id,
            "link": remote.link,
            "sent": sent,
            "said": checksum(remote.said),
            "terms": terms,
            "pending": "",
        }
        self._keep(copies, copy.model_copy(update=done))
        return Told(remote, made, True, uploaded, backup, tuple(notices))

    async def foresee(self, account: Account) -> tuple[Remote | None, int]:
        """Return the post that would be renewed, and how many images would be sent."""
        copy = published.load(self.post).at.get(self.base) or Copy(kind=self.kind)
        remote, _ = await self._there(account, copy, is_rehearsal=True)
        sums = {checksum(picture.data) for picture in self.pictures}
        return remote, len(sums - copy.media.keys())

    async def _there(
        self, account: Account, copy: Copy, *, is_rehearsal: bool = False
    ) -> tuple[Remote | None, Path | None]:
        """Return the post as the site has it, and where it was kept if it is to be overwritten."""
        if not copy.id:
            return None, None
        remote = await account.find(copy.id)
        if remote is None:
            if self.force:
                return None, None
            raise SiteError(
                f"the post that {self.post} was published as is not at {self.base} any more",
                "take it out of the bin there, or make a new draft with --force",
            )
        if checksum(remote.said) == copy.said:
            return remote, None
        if not self.force:
            raise SiteError(
                f"{self.post} was edited at the site since it was published: {remote.edit}",
                "bring what was changed into your file; --force overwrites it then (what the site "
                "says is kept beside the post)",
            )
        return remote, (
            None if is_rehearsal else published.keep_site_version(self.post, remote.said)
        )

    async def _with_images(
        self, account: Account, copies: Copies, copy: Copy
    ) -> tuple[dict[str, Media], Copy, int]:
        """Send the images that are not there yet, each once; return where each one lies."""
        media: dict[str, Media] = {}
        seen: set[str] = set()
        uploaded = 0
        for picture in self.pictures:
            name = checksum(picture.data)
            known = copy.media.get(name)
            there = Media(known.url, known.id) if known else None
            if there and name not in seen and not await account.holds(there):
                there = None
            if there is None:
                there = await account.upload(_upload(picture))
                uploaded += 1
                known = Uploaded(url=there.url, id=there.id)
                copy = copy.model_copy(update={"media": {**copy.media, name: known}})
                self._keep(copies, copy)
            seen.add(name)
            media[picture.source] = there
        return media, copy, uploaded

    def _keep(self, copies: Copies, copy: Copy) -> None:
        at = {**copies.at, self.base: copy}
        try:
            published.save(self.post, Copies(last=self.base, at=at))
        except OutputError as error:
            raise OutputError(
                f"{error.message}: it would not be known that the post is published",
                "see that its folder can be written to, then run the same command again",
            ) from error

    def _checksums(self, body: str, media: dict[str, Media]) -> tuple[str, str]:
        """Return what tells whether anything is to be sent, and whether terms are."""
        article = self.article
        teaser = media.get(article.teaser)
        parts = (article.title, article.excerpt, teaser.url if teaser else "", body)
        sent = checksum("\0".join(parts))
        terms = checksum("\0".join((*article.categories, "", *article.tags)))
        return sent, terms


def _upload(picture: Picture) -> Upload:
    return Upload(picture.path.name, picture.type, picture.data, {"alt_text": picture.alt})
