"""Three-way merge of a post. Pure.

The three are what was generated last (base), what a person made of it (mine), and what is
generated now (new).

What the person did not touch is renewed; what they changed, added, moved or took out stays theirs.
Where both changed the same thing, theirs stays, and the newer text is offered in a comment beside
it. Merging again changes nothing.
"""

from summarize.merge.merge import Merged, merge
from summarize.merge.moving import moved
from summarize.merge.order import identity, named

__all__ = ["Merged", "identity", "merge", "moved", "named"]
