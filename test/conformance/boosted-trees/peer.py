"""Data sets and LightGBM's accuracy on them, for boosted-trees.test.ts.

OUT: a folder; writes NAME.f32 (column-major features, training rows first) and NAME.y there, and prints one JSON line:
[{name, rows, train, features, objective, categorical, monotone, weighted, settings, score}], the score on the test rows.
"""

import json
import sys

import lightgbm as lgb
import numpy as np
from sklearn import datasets
from sklearn.metrics import log_loss, mean_absolute_error, mean_pinball_loss, mean_poisson_deviance, roc_auc_score

OUT = sys.argv[1]
SETTINGS = dict(trees=60, leaves=15, learningRate=0.1, minRowsPerLeaf=10, l2=0.0)
generator = np.random.default_rng(5)


def tables():
    cancer = datasets.load_breast_cancer()
    yield "breast-cancer", cancer.data, cancer.target, {"kind": "binary"}, {}
    digits = datasets.load_digits()
    yield "digits", digits.data, digits.target, {"kind": "multiclass", "classes": 10}, {}
    wine = datasets.load_wine()
    yield "wine", wine.data, wine.target, {"kind": "multiclass", "classes": 3}, {}
    diabetes = datasets.load_diabetes()
    yield "diabetes", diabetes.data, diabetes.target, {"kind": "squared"}, {}
    x, y = datasets.make_friedman1(4000, 10, noise=1.0, random_state=3)
    yield "friedman-squared", x, y, {"kind": "squared"}, {}
    yield "friedman-absolute", x, y, {"kind": "absolute"}, {}
    yield "friedman-quantile", x, y, {"kind": "quantile", "alpha": 0.9}, {}
    yield "friedman-huber", x, y + (generator.random(4000) < 0.05) * 100, {"kind": "huber", "delta": 2.0}, {}
    yield "friedman-poisson", x, generator.poisson(y.clip(0.1) / 5), {"kind": "poisson"}, {}
    x, y = datasets.make_hastie_10_2(6000, random_state=2)
    holes = np.where(generator.random(x.shape) < 0.2, np.nan, x)
    yield "hastie-missing", holes, (y > 0).astype(int), {"kind": "binary"}, {}
    weights = np.where(y > 0, 3.0, 0.5)
    yield "hastie-weighted", x, (y > 0).astype(int), {"kind": "binary"}, {"weights": weights}
    towns = generator.integers(0, 120, 8000)
    effect = generator.normal(0, 1.5, 120)[towns]
    price = generator.random(8000)
    chance = 1 / (1 + np.exp(-(effect + 3 * price - 1.5)))
    late = (generator.random(8000) < chance).astype(int)
    yield "towns", np.column_stack([towns, price]), late, {"kind": "binary"}, {"categorical": [True, False]}
    rising = np.sin(6 * price) + 2 * price + generator.normal(0, 0.3, 8000)
    yield "rising", np.column_stack([price, towns]), rising, {"kind": "squared"}, {"monotone": [1, 0]}


OBJECTIVES = {
    "binary": "binary", "multiclass": "multiclass", "squared": "regression", "absolute": "regression_l1",
    "quantile": "quantile", "poisson": "poisson", "huber": "huber",
}


def score(objective, labels, predictions):
    """Lower is better: 1 - AUC, log loss or the objective's own loss."""
    kind = objective["kind"]
    if kind == "binary":
        return 1 - roc_auc_score(labels, predictions)
    if kind == "multiclass":
        return log_loss(labels, predictions)
    if kind == "poisson":
        return mean_poisson_deviance(labels, predictions)
    if kind == "quantile":
        return mean_pinball_loss(labels, predictions, alpha=objective["alpha"])
    if kind == "squared":
        return float(np.sqrt(np.mean((labels - predictions) ** 2)))
    return mean_absolute_error(labels, predictions)


def compare(name, x, y, objective, options):
    order = np.random.default_rng(1).permutation(len(y))
    x, y = x[order].astype("float32"), y[order].astype("float32")
    weights = options["weights"][order].astype("float32") if "weights" in options else None
    train = len(y) * 7 // 10
    params = dict(
        objective=OBJECTIVES[objective["kind"]], num_leaves=SETTINGS["leaves"], max_bin=255, verbose=-1,
        learning_rate=SETTINGS["learningRate"], min_data_in_leaf=SETTINGS["minRowsPerLeaf"], num_threads=1, deterministic=True,
    )
    if "classes" in objective:
        params["num_class"] = objective["classes"]
    if "alpha" in objective:
        params["alpha"] = objective["alpha"]
    if "delta" in objective:
        params["alpha"] = objective["delta"]
    if "monotone" in options:
        params["monotone_constraints"] = options["monotone"]
    categorical = [index for index, is_category in enumerate(options.get("categorical", [])) if is_category]
    data = lgb.Dataset(
        x[:train], y[:train], weight=None if weights is None else weights[:train], categorical_feature=categorical,
    )
    model = lgb.train(params, data, SETTINGS["trees"])
    np.asfortranarray(x).T.tofile(f"{OUT}/{name}.f32")
    y.tofile(f"{OUT}/{name}.y")
    if weights is not None:
        weights.tofile(f"{OUT}/{name}.w")
    return dict(
        name=name, rows=len(y), train=train, features=x.shape[1], objective=objective,
        categorical=options.get("categorical", []), monotone=options.get("monotone", []),
        weighted=weights is not None, settings=SETTINGS,
        score=score(objective, y[train:], model.predict(x[train:])),
    )


print(json.dumps([compare(*table) for table in tables()]))
