"""A cluster of machines that people operate already: Dask's, spoken to by its own client.

`Cluster` gives the two seams of a run their leaves: a pool that reads PDFs on the workers, and a
backend whose model is asked there. Everything else (lists, downloads, the cache, the post) stays on
the machine that was started, so that nothing of a run hangs on a worker that is gone.

Dask's resources route the work: a worker that was started with `--resources "model=1"` asks its
own model's server, so many at once; one with `pdf=N` reads PDFs. Addresses and keys travel as the
names of environment variables, and each worker finds the values in its own.
"""

from summarize.cluster.address import Address, parsed
from summarize.cluster.cluster import BASE, Cluster

__all__ = ["BASE", "Address", "Cluster", "parsed"]
