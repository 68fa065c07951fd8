"""`roundup`, and `python -m summarize`. What must be set before anything else is imported."""

import atexit
import gc
import os

# What is imported stays: looking for garbage among it, once on the way and once more at the end,
# is a sixth of a short run's time.
gc.set_threshold(100_000)
atexit.register(gc.freeze)
# No other package's plugin has a say in our records; looking for one reads all metadata there is.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from summarize.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
