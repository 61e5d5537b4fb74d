#!/usr/bin/env python3
"""Reads a table of results as others will: with pyarrow, and no word from us but what it carries.

    python3 tests/columns/read.py RESULTS.parquet [RESULTS.csv]

Prints what the table holds, and holds it against the dictionary in its metadata: every column is
described, in order, with its type; numbers lie in their range; nothing is empty that may not be.
With a CSV file, holds its cells against those of the table. Any difference is printed; the exit
code is then 1.
"""

import json
import os
import sys
import time

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

KEY = b"demarche.columns"
TYPES = {
    "whole": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "word": pa.string(),
}


def columns_of(file):
    """The dictionary of columns that a file carries."""
    metadata = file.metadata.metadata or {}
    if KEY not in metadata:
        raise SystemExit(f"no `{KEY.decode()}` in the metadata")
    dictionary = json.loads(metadata[KEY])
    print(f"{dictionary['table']}: {dictionary['meaning']}")
    for key, value in metadata.items():
        if key not in (KEY, b"ARROW:schema"):
            print(f"  {key.decode()} = {value.decode()[:70]}")
    return dictionary["columns"]


def faults_of_columns(schema, columns):
    """Differences of the columns that are described to those that are there."""
    described, found = [column["key"] for column in columns], schema.names
    if described != found:
        yield f"described are {described}, there are {found}"
        return
    for column, field in zip(columns, schema):
        expected = TYPES.get(column["kind"])
        if field.type != expected:
            yield f"{field.name}: {column['kind']} should be {expected}, is {field.type}"
        if field.nullable != column["may-be-empty"]:
            yield f"{field.name}: nullable is {field.nullable}"
        for part in ("unit", "range", "meaning"):
            if column.get(part) in (None, ""):
                yield f"{field.name}: no {part}"


def faults_of_cells(batch, columns, group):
    """Cells of a group that their columns do not allow."""
    for column, cells in zip(columns, batch.columns):
        place = f"group {group}, {column['key']}"
        if cells.null_count and not column["may-be-empty"]:
            yield f"{place}: {cells.null_count} cells are empty"
        if column["kind"] == "number" and not pc.all(pc.is_finite(cells)).as_py() in (True, None):
            yield f"{place}: not all numbers are finite"
        if isinstance(column["range"], dict) and len(cells) > cells.null_count:
            ends = pc.min_max(cells).as_py()
            low, high = column["range"].get("low"), column["range"].get("high")
            if low is not None and ends["min"] < low or high is not None and ends["max"] > high:
                yield f"{place}: {ends['min']} to {ends['max']} is not in {low} to {high}"


def faults_of_statistics(file, columns, batch, group):
    """Statistics of a group that are missing, or not those of its cells."""
    row_group = file.metadata.row_group(group)
    for at, (column, cells) in enumerate(zip(columns, batch.columns)):
        place, statistics = f"group {group}, {column['key']}", row_group.column(at).statistics
        if statistics is None or statistics.null_count != cells.null_count:
            yield f"{place}: statistics do not count the empty cells"
        elif column["kind"] in ("whole", "number") and len(cells) > cells.null_count:
            ends = pc.min_max(cells).as_py()
            if (statistics.min, statistics.max) != (ends["min"], ends["max"]):
                yield f"{place}: statistics say {statistics.min} to {statistics.max}, not {ends}"


def faults_of_csv(path, file, columns):
    """Cells of a CSV file that are not those of the table. Empty words are read as empty cells."""
    types = {column["key"]: TYPES[column["kind"]] for column in columns}
    convert = pa.csv.ConvertOptions(
        column_types=types,
        null_values=[""],
        strings_can_be_null=True,
        true_values=["true"],
        false_values=["false"],
    )
    parse = pa.csv.ParseOptions(newlines_in_values=True)
    # In one block: pyarrow 26 loses the LF of a CR LF in a word that ends a block.
    read = pa.csv.ReadOptions(block_size=min(os.path.getsize(path) + 1, 2**31 - 1))
    told = pa.csv.read_csv(path, read_options=read, parse_options=parse, convert_options=convert)
    table = file.read()
    if told.column_names != table.column_names or told.num_rows != table.num_rows:
        yield f"{path}: {told.num_rows} rows of {told.column_names}"
        return
    for name in table.column_names:
        expected, found = table[name], told[name]
        if expected.type == pa.string():
            expected = pc.if_else(pc.equal(expected, ""), pa.scalar(None, pa.string()), expected)
        if expected.combine_chunks() != found.combine_chunks():
            yield f"{path}: {name} holds other cells than the table"


def main(paths):
    """Prints a table and its faults; the exit code."""
    started = time.monotonic()
    file = pq.ParquetFile(paths[0])
    columns = columns_of(file)
    schema = file.schema_arrow
    for field in schema:
        print(f"  {field.name}: {field.type}{'' if field.nullable else ' not null'}")
    n_rows, n_groups = file.metadata.num_rows, file.num_row_groups
    print(f"{n_rows} rows in {n_groups} groups, by {file.metadata.created_by}")
    faults = list(faults_of_columns(schema, columns))
    if not faults:
        n_read = 0
        for group in range(n_groups):
            batch = file.read_row_group(group)
            n_read += batch.num_rows
            faults += faults_of_cells(batch, columns, group)
            faults += faults_of_statistics(file, columns, batch, group)
        if n_read != n_rows:
            faults.append(f"{n_read} rows were read")
        for path in paths[1:]:
            faults += faults_of_csv(path, file, columns)
    for fault in faults:
        print(f"fault: {fault}")
    seconds = time.monotonic() - started
    print(f"{len(faults)} faults, {seconds:.1f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    sys.exit(main(sys.argv[1:]))
