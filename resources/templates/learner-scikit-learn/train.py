"""Learns from rows that Falaj has prepared with scikit-learn: the learner of a Training definition.

    falaj train -f training.yaml --wait

Runs in a folder of its own, where training.arrow, validation.arrow and learner.json lie, and writes model.onnx there.
"""

import json

import onnx
import pyarrow.feather
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import log_loss, mean_squared_error


def read_part(job, name):
    table = pyarrow.feather.read_table(f"{name}.arrow")
    features = table.select(range(len(job["features"]))).to_pandas().to_numpy("float32")
    weights = None if job["weight"] is None else table[job["weight"]].to_numpy()
    return features, table[job["label"]].to_numpy(), weights


def main():
    with open("learner.json") as file:
        job = json.load(file)
    settings = {"random_state": job["seed"], "n_jobs": job["threads"], "n_estimators": 200, **job["parameters"]}
    features, label, weights = read_part(job, "training")
    is_number = job["task"] == "regression"
    model = (RandomForestRegressor if is_number else RandomForestClassifier)(**settings)
    model.fit(features, label, sample_weight=weights)

    if job["rows"]["validation"] > 0:
        held, truth, _ = read_part(job, "validation")
        loss = (
            mean_squared_error(truth, model.predict(held)) ** 0.5
            if is_number
            else log_loss(truth, model.predict_proba(held), labels=range(len(job["classes"])))
        )
        # A point of the run's curves.
        print("falaj", json.dumps({"step": 1, "of": 1, "metrics": {"validationLoss": loss}}))

    onnx.save(to_onnx(model, features[:1], target_opset={"": 17, "ai.onnx.ml": 3}), job["model"])


if __name__ == "__main__":
    main()
