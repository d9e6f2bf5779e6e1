"""What a web server loads: an application that has been found ready to serve."""

import gc

gc.disable()  # nothing that is loaded from here on is garbage, so looking for some only takes time

from peerlearn.app import create_app  # noqa: E402
from peerlearn.ready import check_ready  # noqa: E402

app = check_ready(create_app())

gc.freeze()
gc.enable()
gc.set_threshold(10_000, 20, 50)  # a page makes much and drops it again: looking after every 700 finds nothing
