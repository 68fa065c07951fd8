"""The process that serves a GGUF file: `python -m summarize.backends.gguf_server FILE TOKENS`.

It prints `READY ADDRESS`, and ends when its standard input does: with whoever started it.
"""

import os
import sys


def main() -> None:
    """Serve until standard input ends."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.n_ctx = sys.argv[1], int(sys.argv[2])
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # the system's choice
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = os.cpu_count() or 1
    params.verbosity = 0
    params.ui = False
    params.offline = True
    params.warmup = False
    server = xllamacpp.Server(params)
    sys.stdout.write(f"READY {server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    os._exit(0)  # its threads would be waited for


if __name__ == "__main__":
    main()
