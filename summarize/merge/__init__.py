"""Three-way merge of a post. Pure.

The three are what was generated last (base), what a person made of it (mine), and what is
generated now (new).

What the person did not touch is renewed; what they changed, added, moved or took out stays theirs.
Where both changed the same thing, theirs stays, and the newer text is offered in a comment beside
it. Merging again changes nothing.

`merge.merge` does it, and `merge.moving` for a post that goes into another format: both are
imported where there is a post to merge into, which a first draft has not.
"""

from summarize.merge.merged import Merged
from summarize.merge.order import identity, named

__all__ = ["Merged", "identity", "named"]
