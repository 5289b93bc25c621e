"""Learns from rows that Falaj has prepared with LightGBM: the learner of a Training definition.

    falaj train -f training.yaml --wait

Runs in a folder of its own, where training.arrow, validation.arrow and learner.json lie, and writes model.onnx there.
"""

import json

import lightgbm
import onnx
import pyarrow.feather
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType


def read_part(job, name):
    table = pyarrow.feather.read_table(f"{name}.arrow")
    features = table.select(range(len(job["features"]))).to_pandas().to_numpy("float32")
    weights = None if job["weight"] is None else table[job["weight"]].to_numpy()
    return features, table[job["label"]].to_numpy(), weights


def main():
    with open("learner.json") as file:
        job = json.load(file)
    settings = {
        "n_estimators": 200,
        "random_state": job["seed"],
        "n_jobs": job["threads"],
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
        **job["parameters"],
    }
    is_number = job["task"] == "regression"
    model = (lightgbm.LGBMRegressor if is_number else lightgbm.LGBMClassifier)(**settings)

    def track(state):
        losses = {f"{part}Loss": value for part, _, value, _ in state.evaluation_result_list}
        # A point of the run's curves; a search gives up by validationLoss.
        print("falaj", json.dumps({"step": state.iteration + 1, "of": state.end_iteration, "metrics": losses}))

    features, label, weights = read_part(job, "training")
    has_validation = job["rows"]["validation"] > 0
    held = [read_part(job, "validation")] if has_validation else []
    model.fit(
        features,
        label,
        sample_weight=weights,
        eval_set=[(rows, truth) for rows, truth, _ in held],
        eval_names=["validation"] if has_validation else None,
        callbacks=[track, *([lightgbm.early_stopping(20, verbose=False)] if has_validation else [])],
    )
    columns = FloatTensorType([None, len(job["features"])])
    onnx.save(convert_lightgbm(model, initial_types=[("features", columns)], target_opset=15), job["model"])


if __name__ == "__main__":
    main()
