"""Feast on the work that Falaj is measured by: one JSON line on standard output.

historical STORE HISTORY ENTITIES OUT REPETITIONS   STORE: duckdb or dask
online ENTITIES FEATURES READS BATCH                 reads of BATCH entities x FEATURES from SQLite
"""

import contextlib
import datetime
import json
import random
import sys
import tempfile
import time

import feast
import pandas as pd
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig
from feast.types import Float64
from feast.value_type import ValueType

UTC = datetime.timezone.utc


def open_store(folder, offline):
    return FeatureStore(
        config=RepoConfig(
            registry=f"{folder}/registry.db",
            project="bench",
            provider="local",
            offline_store={"type": offline},
            online_store={"type": "sqlite", "path": f"{folder}/online.db"},
            entity_key_serialization_version=3,
        )
    )


def fields(count):
    return [Field(name=f"f{number}", dtype=Float64) for number in range(count)]


def historical(offline, history, entities, out, repetitions):
    """From the entities' file to a file with their features, as a user would write it."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(folder, offline)
        entity = Entity(name="entity", join_keys=["entity"], value_type=ValueType.INT64)
        view = FeatureView(
            name="facts",
            entities=[entity],
            ttl=datetime.timedelta(days=7),
            schema=fields(5),
            source=FileSource(path=history, timestamp_field="event_time"),
        )
        store.apply([entity, view])
        for _ in range(int(repetitions)):
            started = time.perf_counter()
            spine = pd.read_parquet(entities).rename(columns={"event_time": "event_timestamp"})
            spine["event_timestamp"] = pd.to_datetime(spine["event_timestamp"], utc=True)
            job = store.get_historical_features(spine, [f"facts:f{number}" for number in range(5)])
            rows = job.to_df()
            rows.to_parquet(out, index=False)
            times.append(1000 * (time.perf_counter() - started))
    return {"ms": times, "rows": len(rows), "asked": len(spine)}


def online(entities, features, reads, batch):
    now = datetime.datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(folder, "dask")
        entity = Entity(name="thing", join_keys=["thing"], value_type=ValueType.INT64)
        columns = [f"f{number}" for number in range(int(features))]
        file = f"{folder}/view.parquet"
        rows = pd.DataFrame({column: range(int(entities)) for column in columns}, dtype="float64")
        rows.insert(0, "thing", range(int(entities)))
        rows["at"] = pd.Timestamp(now - datetime.timedelta(hours=1))
        rows.to_parquet(file, index=False)
        view = FeatureView(
            name="view",
            entities=[entity],
            ttl=datetime.timedelta(days=3650),
            schema=fields(int(features)),
            source=FileSource(path=file, timestamp_field="at"),
        )
        store.apply([entity, view])
        with contextlib.redirect_stdout(sys.stderr):
            store.materialize(now - datetime.timedelta(days=1), now)
        wanted = [f"view:{column}" for column in columns]
        generator = random.Random(5)
        times = []
        for _ in range(int(reads) + 20):
            keys = [{"thing": generator.randrange(int(entities))} for _ in range(int(batch))]
            started = time.perf_counter()
            answer = store.get_online_features(features=wanted, entity_rows=keys).to_dict()
            times.append(1000 * (time.perf_counter() - started))
        assert answer["f0"][0] is not None
    return {"ms": times[20:]}


with contextlib.redirect_stdout(sys.stderr):
    result = {"historical": historical, "online": online}[sys.argv[1]](*sys.argv[2:])
print(json.dumps({**result, "version": feast.__version__}))
