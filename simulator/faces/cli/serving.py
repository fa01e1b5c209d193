"""The dashboard's server, as a program that ends as every command does: `python -m simulator.faces.cli.serving FILE OPTIONS`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from simulator.faces.cli.group import STOPPED
from simulator.kernel.interrupts import Ended, heard


def serve(words: Sequence[str]) -> int:
    """Run Streamlit until somebody tells it to end."""
    from streamlit.web.cli import main

    try:
        with heard():
            main(["run", *words])
    except KeyboardInterrupt:
        return STOPPED
    except Ended as ended:
        return int(ended.status)
    return 0


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1:]))
