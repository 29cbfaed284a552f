"""`spread.py STORE`: its events were received over three days."""

import sqlite3
import sys

with sqlite3.connect(sys.argv[1], timeout=10) as store:
    store.execute("UPDATE events SET received_at = received_at - (id % 3) * 86400000")
