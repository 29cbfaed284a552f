"""Compares tables, however they were loaded, with the store that they are of."""

import json
from decimal import Decimal

from stored import TABLES, Number, events, parse, text, users


def assert_cell(cell, kind, value, where):
    """A cell holds a value of JSON."""
    if kind == "boolean":
        same = isinstance(cell, bool) and cell is value
    elif kind == "integer":
        same = str(int(cell)) == str(value)
    elif kind == "double":
        same = float(cell) == float(value) and Decimal(repr(float(cell))) == Decimal(str(value))
    elif isinstance(value, list):
        same = parse(cell) == value
    else:
        same = cell == text(value)
    assert same, f"{where}: {cell!r} is not {value!r}"


def is_unicode(value):
    """Whether a column can hold it: half a surrogate pair, which JSON can say, is in no text."""
    return not (isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value))


def assert_row(table, row, standard, awaited):
    """A row holds these values, and nothing else."""
    awaited = dict(awaited)
    for column in table["columns"]:
        name, where = column["name"], f"{table['name']}.{column['name']}"
        cell = row[name]
        if "path" in column:
            value = awaited.get(column["path"])
            if is_unicode(value):
                awaited.pop(column["path"], None)
            if value is None or not is_unicode(value):
                assert cell is None, f"{where} is {cell!r}"
            else:
                assert_cell(cell, column["type"], value, where)
        elif name in standard:
            value = standard[name]
            same = cell == value if column["type"] == "timestamp" or value is None else cell == text(value)
            assert same, f"{where}: {cell!r} is not {value!r}"
    extra = parse(row["_extra"] or "{}")
    assert extra == awaited, f"{table['name']}._extra: {extra} is not {awaited}"


def compare(store, manifest_file, rows_of):
    """Every event of the store is in its tables once, with all its values. `rows_of(table)` gives rows as dictionaries by the columns'
    names. Tells the number of rows."""
    manifest = json.load(open(manifest_file, encoding="utf-8"))
    tables = {table["name"]: table for table in manifest["tables"]}
    rows = {name: rows_of(name) for name in tables}
    of = events(store)
    assert manifest["events"] == len(of) > 0
    for name, table in tables.items():
        assert len(rows[name]) == table["rows"] == sum(file["rows"] for file in table["files"]), name

    by_id = {name: {(row["write_key"], row["id"]): row for row in list_} for name, list_ in rows.items()}
    seen = 0
    for event in of:
        key = (event.write_key, event.message_id)
        name = TABLES[event.kind]
        row = by_id[name][key]
        if event.kind == "track":
            own = row["event"]
            assert own not in TABLES.values(), own
            assert_row(tables[name], row, event.standard(), event.others(with_own=False))
            assert_row(tables[own], by_id[own][key], event.standard() | {"event": own}, event.others())
            seen += 1
        else:
            assert_row(tables[name], row, event.standard(), event.others())
        seen += 1
    known = users(of)
    for (write_key, user), (event, traits) in known.items():
        standard = {"id": user, "write_key": write_key, "received_at": event.received_at, "uuid_ts": event.received_at}
        assert_row(tables["users"], by_id["users"][(write_key, user)], standard, event.others(traits=traits))
    assert len(known) == tables["users"]["rows"]
    total = sum(table["rows"] for table in tables.values())
    assert total == seen + len(known) + tables["accounts"]["rows"], "a row is of no event"
    return total
