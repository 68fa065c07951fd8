"""`roundup`, and `python -m summarize`. What must be set before anything else is imported."""

import gc
import os

# What is imported stays: looking for garbage among it is a tenth of a short run's time.
gc.set_threshold(50_000)
# No other package's plugin has a say in our records; looking for one reads all metadata there is.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from summarize.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
