"""`snowflake_loads.py STORE DIR`: fakesnow, a Snowflake on DuckDB, runs DIR/snowflake.sql as it is written; what it has then is what is
in the store."""

import os
import shutil
import sys

import fakesnow
import snowflake.connector
from compared import compare
from fakesnow.transforms import stage

store, folder = map(os.path.abspath, sys.argv[1:])
script = open(os.path.join(folder, "snowflake.sql"), encoding="utf-8").read()

# fakesnow's sessions are in UTC already, and know no other time zone.
with fakesnow.patch(nop_regexes=["^ALTER SESSION SET TIMEZONE = 'UTC'"]):
    connection = snowflake.connector.connect(database="D", schema="S")
    cursor = connection.cursor()
    # What `snow stage copy --recursive` does.
    shutil.copytree(folder, stage.internal_dir("D.S.TIDEGATE"), dirs_exist_ok=True)
    for _ in connection.execute_string(script, remove_comments=True):
        pass

    def rows_of(table):
        """The rows that were loaded, by names as they are in the files."""
        found = cursor.execute(f'SELECT * FROM "{table.upper()}"')
        names = [column[0].lower() for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    print(compare(store, os.path.join(folder, "manifest.json"), rows_of))
shutil.rmtree(stage.LOCAL_BUCKET_PATH)
