"""Trains with mlflow.autolog() of scikit-learn and LightGBM, and prints what the server keeps."""

import json
import sys

import lightgbm
import mlflow
import numpy as np
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

random = np.random.default_rng(7)
features = random.normal(size=(400, 5))
label = (features[:, 0] + 0.5 * random.normal(size=400) > 0).astype(int)

client = MlflowClient()
said = {}


def facts(run_id):
    run = client.get_run(run_id)
    return {
        "status": run.info.status,
        "params": run.data.params,
        "metrics": run.data.metrics,
        "artifacts": sorted(each.path for each in client.list_artifacts(run_id)),
        "models": [each.model_id for each in run.outputs.model_outputs] if run.outputs else [],
    }


mlflow.set_experiment("autolog")
mlflow.sklearn.autolog(log_input_examples=True)
with mlflow.start_run() as run:
    LogisticRegression(C=0.5).fit(features, label)
said["sklearn"] = facts(run.info.run_id)

with mlflow.start_run() as run:
    GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=3).fit(features, label)
said["grid"] = facts(run.info.run_id)
said["children"] = len(client.search_runs([run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{run.info.run_id}'"))
mlflow.sklearn.autolog(disable=True)

mlflow.lightgbm.autolog()
with mlflow.start_run() as run:
    rows = lightgbm.Dataset(features, label)
    held = lightgbm.Dataset(features[:100], label[:100], reference=rows)
    booster = lightgbm.train({"objective": "binary", "verbose": -1}, rows, 12, valid_sets=[held], valid_names=["held"])
said["lightgbm"] = facts(run.info.run_id)
# The client logs the last iteration twice; the server keeps what it is given.
history = client.get_metric_history(run.info.run_id, "held-binary_logloss")
said["history"] = len({(point.step, point.value) for point in history})

# The model comes back from the server as it was.
loaded = mlflow.lightgbm.load_model(f"models:/{said['lightgbm']['models'][0]}")
said["difference"] = float(np.abs(loaded.predict(features) - booster.predict(features)).max())

json.dump(said, sys.stdout)
