"""WordPress's posts, as its REST API (`/wp-json/wp/v2/posts`) answers them."""

from typing import Any

from summarize.records import ReadingList
from summarize.tables import outline
from summarize.tables.outline import Block
from summarize.tables.prose import blocks
from summarize.tables.rows import listed
from summarize.tables.shapes import first, under
from summarize.tables.table import Given, Table


def _posts(given: Given) -> list[Any]:
    return given.json if isinstance(given.json, list) else [given.json]


def _knows(given: Given) -> bool:
    return isinstance(under(first(_posts(given)), "content", "rendered"), str)


def read(given: Given) -> ReadingList:
    """Read the notes of posts: what a heading or a lone link names, with the words below it."""
    posts = [_blocks(given, index, post) for index, post in enumerate(_posts(given))]
    notices = [
        f'{block.where}: "{block.text}" links to no address: {block.url}'
        for post in posts
        for block in post
        if block.level >= 0 and block.url and not outline.is_address(block.url)
    ]
    rows = [row for post in posts for row in outline.rows(post)]
    empty = ("is a post without entries", "an entry is a heading, or a link that stands alone")
    return listed(rows, given, notices, empty=empty)


def _blocks(given: Given, index: int, post: Any) -> list[Block]:
    html = under(post, "content", "rendered")
    name = f"{given.name}:content" if isinstance(given.json, dict) else f"{given.name}:[{index}]"
    return blocks(html if isinstance(html, str) else "", name)


TABLE = Table("a post of WordPress", _knows, read)
