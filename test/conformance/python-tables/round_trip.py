"""Writes tables as PyArrow, pandas and Polars do, imports them, reads them back as files and over HTTP, compares."""
import datetime
import decimal
import math
import os
import subprocess
import urllib.request

import pandas as pd
import polars as pl
import pyarrow as pa

ROWS = 70_000  # more than one row group
CHUNK = 30_000  # several record batches
SECOND = 1_700_000_000
numbers = range(ROWS)


def gaps(values, every):
    return [None if row % every == 0 else value for row, value in enumerate(values)]


table = pa.table({
    "int8": pa.array(gaps([row % 100 - 50 for row in numbers], 3), pa.int8()),
    "int32": pa.array([row * 20_000 - 7 for row in numbers], pa.int32()),
    "uint32": pa.array([row * 60_000 for row in numbers], pa.uint32()),
    "int64": pa.array(gaps([row * 10**14 - 1 for row in numbers], 7), pa.int64()),
    "uint64": pa.array([row * 10**14 for row in numbers], pa.uint64()),
    "float32": pa.array([row / 3 for row in numbers], pa.float32()),
    "float64": pa.array(gaps([row / 7 if row % 13 else math.inf for row in numbers], 5), pa.float64()),
    "text": pa.array(gaps([f"نص {row % 1000} longer than twelve bytes" for row in numbers], 11), pa.string()),
    "large": pa.array([str(row % 13) for row in numbers], pa.large_string()),
    "view": pa.array(gaps([f"view {row % 100} of more than twelve bytes" for row in numbers], 4), pa.string_view()),
    "category": pa.array([["a", "b", None][row % 3] for row in numbers]).dictionary_encode(),
    "bool": pa.array(gaps([row % 2 == 0 for row in numbers], 9)),
    "seconds": pa.array([SECOND + row for row in numbers], pa.timestamp("s")),
    "millis": pa.array([row - 5 for row in numbers], pa.timestamp("ms")),
    "micros": pa.array(gaps([row * 1_000_001 - 7 for row in numbers], 6), pa.timestamp("us", tz="Asia/Dubai")),
    "nanos": pa.array([row * 1_000_000 - 7_000 for row in numbers], pa.timestamp("ns", tz="UTC")),
    "day": pa.array(gaps([row - 100 for row in numbers], 8), pa.date32()),
})

files = {}
for compression in (None, "lz4", "zstd"):
    options = pa.ipc.IpcWriteOptions(compression=compression)
    for name, writer in ((f"file-{compression}.arrow", pa.ipc.new_file), (f"stream-{compression}.arrows", pa.ipc.new_stream)):
        with pa.OSFile(name, "wb") as sink, writer(sink, table.schema, options=options) as out:
            out.write_table(table, max_chunksize=CHUNK)
        files[name] = table
decimals = pa.table({"price": pa.array([decimal.Decimal(row) / 100 for row in range(1000)], pa.decimal128(12, 2)), "nothing": pa.nulls(1000)})
with pa.OSFile("decimals.arrow", "wb") as sink, pa.ipc.new_file(sink, decimals.schema) as out:
    out.write_table(decimals)
files["decimals.arrow"] = pa.table({"price": [row / 100 for row in range(1000)], "nothing": pa.nulls(1000, pa.string())})

# pandas holds whole numbers with gaps as floats, so it gets those without.
frame = table.drop_columns(["int8", "int64", "bool"]).to_pandas()
frame.to_feather("pandas.feather")
frame.to_parquet("pandas.parquet")
files["pandas.feather"] = files["pandas.parquet"] = pa.Table.from_pandas(frame, preserve_index=False)

polars = pl.from_arrow(table)
polars.write_ipc("polars.arrow")
polars.write_ipc("polars-lz4.arrow", compression="lz4")
polars.write_ipc_stream("polars.arrows", compression="zstd")
polars.write_parquet("polars.parquet")
for name in ("polars.arrow", "polars-lz4.arrow", "polars.arrows", "polars.parquet"):
    files[name] = table


def plain(column):
    """Values as Python's own: instants without a zone are UTC."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", tz=kind.tz)).cast(pa.int64())
    elif pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    return column.to_pylist()


def same(left, right):
    return left == right or (isinstance(left, float) and isinstance(right, float) and math.isnan(left) and math.isnan(right))


compared = 0


def compare(name, wanted, got, how):
    global compared
    got.validate(full=True)
    assert got.schema.names == wanted.schema.names, (name, how, got.schema)
    for column in wanted.schema.names:
        left, right = plain(wanted[column]), plain(got[column])
        assert len(left) == len(right), (name, how, column)
        for row, (one, other) in enumerate(zip(left, right)):
            assert same(one, other), (name, how, column, row, one, other)
        compared += 1


def over_http(dataset):
    request = urllib.request.Request(
        f"{os.environ['FALAJ_URL']}/api/data/{dataset}/rows",
        headers={"Authorization": f"Bearer {os.environ['FALAJ_TOKEN']}", "Accept": "application/vnd.apache.arrow.stream"},
    )
    with urllib.request.urlopen(request) as answer:
        return pa.ipc.open_stream(answer).read_all()


for number, (name, wanted) in enumerate(files.items()):
    dataset = f"t{number}"
    subprocess.run(["falaj", "data", "import", name, "--name", dataset], check=True, stdout=subprocess.DEVNULL)
    compare(name, wanted, over_http(dataset), "http")

subprocess.run(["falaj", "data", "export", "t0", "out.arrow"], check=True, stdout=subprocess.DEVNULL)
subprocess.run(["falaj", "data", "export", "t0", "out.arrows"], check=True, stdout=subprocess.DEVNULL)
compare("out.arrow", table, pa.ipc.open_file("out.arrow").read_all(), "file")
compare("out.arrow", table, pl.read_ipc("out.arrow").to_arrow(), "polars")
compare("out.arrows", table, pa.ipc.open_stream("out.arrows").read_all(), "stream")
back = pd.read_feather("out.arrow")
assert back["text"].isna().sum() == table["text"].null_count and str(back["micros"].dtype.tz) == "UTC"
assert datetime.date(1970, 1, 1) in set(back["day"].dropna())

print(f"compared {compared} columns in {len(files)} files")
