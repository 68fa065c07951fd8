"""Where posts are published: one file per kind of site.

To add a kind: one file with a `SITE`, and one line in `SITES`.
"""

from summarize.sites import ghost, wordpress
from summarize.sites.site import Account, Remote, Site

SITES: dict[str, Site] = {
    "wordpress": wordpress.SITE,
    "ghost": ghost.SITE,
}

__all__ = ["SITES", "Account", "Remote", "Site"]
