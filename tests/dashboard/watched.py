"""Put on the path as sitecustomize: whatever Python asks of the network beyond this machine is written down."""

import os
import sys

LOG = os.environ.get("SOP_WATCHED")
HERE = ("127.", "localhost", "::1", "0.0.0.0")
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
CALLS = ("socket.connect", "socket.sendto", "socket.sendmsg")


def told(event, arguments):
    """Note a name that is looked up, or an address that is called, if it is not of this machine."""
    address = arguments[0] if event in LOOKUPS else arguments[1] if event in CALLS else None
    if isinstance(address, tuple) and address:
        address = address[0]
    if isinstance(address, bytes):
        address = address.decode("latin-1")
    if isinstance(address, str) and address and not address.startswith(HERE) and not address.startswith(("/", "\0")):
        with open(LOG, "a", encoding="utf-8") as log:
            log.write(f"{event} {address}\n")


if LOG:
    sys.addaudithook(told)
