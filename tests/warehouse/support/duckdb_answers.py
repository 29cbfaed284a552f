"""`duckdb_answers.py DIR QUERY`: what DuckDB answers once DIR/duckdb.sql was run, as JSON."""

import json
import os
import sys

import duckdb

folder, query = sys.argv[1:]
os.chdir(folder)
database = duckdb.connect()
database.execute(open("duckdb.sql", encoding="utf-8").read())
found = database.execute(query)
names = [column[0] for column in found.description]
print(json.dumps([dict(zip(names, row, strict=True)) for row in found.fetchall()], default=str))
