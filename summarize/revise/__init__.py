"""A post that is there already, and what a run came to -> the post as it should be now. Pure.

`entries` tells which papers a post has and should have, `renewing` puts what is new into what was
there, `revise` does both for a whole draft or for some of its papers.
"""

from summarize.revise.entries import asked, papers, shares_none, unwanted, wanted
from summarize.revise.revise import redrafted, renewed
from summarize.revise.versions import Before, Now, Result, Revised

__all__ = [
    "Before",
    "Now",
    "Result",
    "Revised",
    "asked",
    "papers",
    "redrafted",
    "renewed",
    "shares_none",
    "unwanted",
    "wanted",
]
