"""`duckdb_reads.py STORE DIR`: DuckDB runs DIR/duckdb.sql as it is written; what it has then is what is in the store."""

import os
import sys

import duckdb
from compared import compare

TYPES = {"boolean": "BOOLEAN", "integer": "BIGINT", "double": "DOUBLE", "text": "VARCHAR", "timestamp": "TIMESTAMP WITH TIME ZONE"}

store, folder = map(os.path.abspath, sys.argv[1:])
os.chdir(folder)
database = duckdb.connect()
database.execute("SET TimeZone = 'UTC'")
script = open("duckdb.sql", encoding="utf-8").read()
database.execute(script)
# Again: it makes the tables anew.
database.execute(script)


def rows_of(table):
    """The rows that were loaded, each of the day of its file."""
    found = database.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert all(row["received_at"].date() == row["day"] for row in rows), table
    return rows


total = compare(store, "manifest.json", rows_of)

if "parquet" in script:
    # Without the script: every file of a table has the types that the manifest says.
    import json

    for table in json.load(open("manifest.json", encoding="utf-8"))["tables"]:
        wanted = [(column["name"], TYPES[column["type"]]) for column in table["columns"]]
        for file in table["files"]:
            described = database.execute("DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false)", [file["path"]])
            assert [row[:2] for row in described.fetchall()] == wanted, file["path"]
            (count,) = database.execute("SELECT count(*) FROM read_parquet(?)", [file["path"]]).fetchone()
            assert count == file["rows"], file["path"]
print(total)
