"""What a post says -> the markup that a site keeps. Pure.

A post of any format becomes HTML, HTML becomes blocks (`flow`), and blocks become what WordPress
or Ghost stores.
"""

from summarize.markup.article import Article, read
from summarize.markup.flow import Flow, Media
from summarize.markup.html import blocks, images, plain

__all__ = ["Article", "Flow", "Media", "blocks", "images", "plain", "read"]
