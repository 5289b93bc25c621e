"""Historical features by Feast: the arguments are triples of HISTORY, SPINE (Parquet files) and TTL in microseconds.

Prints CSV: the number of the triple, the id of the spine row, the value.
"""

import datetime
import pathlib
import sys
import tempfile

import pandas as pd
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig
from feast.types import Float64
from feast.value_type import ValueType



def historical(folder, history, spine, ttl_micros):
    store = FeatureStore(
        config=RepoConfig(
            registry=str(pathlib.Path(folder) / "registry.db"),
            project="conformance",
            provider="local",
            online_store=None,
            entity_key_serialization_version=3,
        )
    )
    shop = Entity(name="shop", join_keys=["shop"], value_type=ValueType.STRING)
    item = Entity(name="item", join_keys=["item"], value_type=ValueType.INT64)
    view = FeatureView(
        name="sales",
        entities=[shop, item],
        ttl=datetime.timedelta(microseconds=int(ttl_micros)),
        schema=[Field(name="value", dtype=Float64)],
        source=FileSource(path=history, timestamp_field="at"),
    )
    store.apply([shop, item, view])
    entities = pd.read_parquet(spine).rename(columns={"event_time": "event_timestamp"})
    entities["event_timestamp"] = pd.to_datetime(entities["event_timestamp"], utc=True)
    return store.get_historical_features(entity_df=entities, features=["sales:value"]).to_df()


arguments = sys.argv[1:]
for number in range(len(arguments) // 3):
    with tempfile.TemporaryDirectory() as temporary:
        rows = historical(temporary, *arguments[3 * number : 3 * number + 3])
    rows.insert(0, "case", number)
    rows[["case", "id", "value"]].to_csv(sys.stdout, index=False, header=False)
