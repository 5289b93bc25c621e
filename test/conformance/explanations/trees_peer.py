"""Shapley values of trees that are given node by node, by shap's TreeExplainer.

By LightGBM for trees with categories: they are put into its text format, and shap asks LightGBM. By shap's own code for trees without.
"""

import json
import sys

import lightgbm
import numpy as np
import shap

IS_CATEGORY, DEFAULT_LEFT, MISSING_IS_NAN = 1, 2, 8


def text_of(tree, missing_category, index):
    """A tree in LightGBM's text format: decisions and leaves are numbered apart, a leaf as a negative number."""
    nodes = range(len(tree["feature"]))
    decisions = [node for node in nodes if tree["feature"][node] >= 0]
    leaves = [node for node in nodes if tree["feature"][node] < 0]
    place = {node: at for at, node in enumerate(decisions)} | {node: ~at for at, node in enumerate(leaves)}
    thresholds, kinds, words, bounds = [], [], [], [0]
    for node in decisions:
        categories = tree["categories"][node]
        if categories is None:
            thresholds.append(repr(float(tree["threshold"][node])))
            kinds.append(MISSING_IS_NAN | (DEFAULT_LEFT if tree["missingLeft"][node] else 0))
            continue
        # LightGBM sends a missing category to the right: here it is a category of its own.
        left = set(categories) | ({missing_category} if tree["missingLeft"][node] else set())
        thresholds.append(str(len(bounds) - 1))
        kinds.append(IS_CATEGORY)
        own = [0] * (int(max(left, default=0)) // 32 + 1)
        for category in map(int, left):
            own[category // 32] |= 1 << (category % 32)
        words += own
        bounds.append(len(words))
    facts = {"Tree": index, "num_leaves": len(leaves), "num_cat": len(bounds) - 1}
    if decisions:
        facts |= {
            "split_feature": [tree["feature"][node] for node in decisions],
            "split_gain": [1] * len(decisions),
            "threshold": thresholds,
            "decision_type": kinds,
            "left_child": [place[tree["left"][node]] for node in decisions],
            "right_child": [place[tree["right"][node]] for node in decisions],
        }
    facts["leaf_value"] = [repr(float(tree["value"][node])) for node in leaves]
    if decisions:
        facts |= {
            "leaf_weight": [tree["cover"][node] for node in leaves],
            "leaf_count": [tree["cover"][node] for node in leaves],
            "internal_value": [0] * len(decisions),
            "internal_weight": [tree["cover"][node] for node in decisions],
            "internal_count": [tree["cover"][node] for node in decisions],
        }
    if len(bounds) > 1:
        facts |= {"cat_boundaries": bounds, "cat_threshold": words}
    facts |= {"is_linear": 0, "shrinkage": 1}
    return "\n".join(
        f"{name}={' '.join(map(str, value)) if isinstance(value, list) else value}" for name, value in facts.items()
    )


def by_lightgbm(trees, rows, categorical):
    rows = rows.copy()
    missing = int(np.nanmax(rows[:, categorical], initial=0)) + 1
    rows[:, categorical] = np.where(np.isnan(rows[:, categorical]), missing, rows[:, categorical])
    features = rows.shape[1]
    head = [
        "tree",
        "version=v4",
        "num_class=1",
        "num_tree_per_iteration=1",
        "label_index=0",
        f"max_feature_idx={features - 1}",
        "objective=regression",
        "feature_names=" + " ".join(f"f{at}" for at in range(features)),
        "feature_infos=" + " ".join(["[-1e30:1e30]"] * features),
        "",
    ]
    text = "\n".join(head) + "\n\n".join(["", *(text_of(tree, missing, at) for at, tree in enumerate(trees)), "end of trees", ""])
    booster = lightgbm.Booster(model_str=text)
    booster.params["objective"] = "regression"  # shap asks for it, and a text without parameters has none
    explainer = shap.TreeExplainer(booster)
    values = explainer.shap_values(rows)
    return float(np.ravel(explainer.expected_value)[0]), values


def by_shap(trees, rows):
    model = {"trees": [], "internal_dtype": np.float64, "input_dtype": np.float64}
    for tree in trees:
        left, right = np.array(tree["left"]), np.array(tree["right"])
        leaf = np.array(tree["feature"]) < 0
        left[leaf], right[leaf] = -1, -1
        default = np.where(np.array(tree["missingLeft"]) == 1, left, right)
        model["trees"].append(
            {
                "children_left": left,
                "children_right": right,
                "children_default": default,
                "features": np.array(tree["feature"]),
                "thresholds": np.array(tree["threshold"], dtype=np.float64),
                "values": np.array(tree["value"], dtype=np.float64).reshape(-1, 1),
                "node_sample_weight": np.array(tree["cover"], dtype=np.float64),
            }
        )
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    values = explainer.shap_values(rows, check_additivity=False)
    return float(np.ravel(explainer.expected_value)[0]), values


request = json.load(sys.stdin)
for tree in (tree for trees in request["outputs"] for tree in trees):
    # JSON has no infinity: every number is below that threshold, only what is missing may go the other way.
    tree["threshold"] = [1e300 if threshold is None else threshold for threshold in tree["threshold"]]
rows = np.array(request["rows"], dtype=np.float64)  # null becomes NaN
explain = by_lightgbm if request["by"] == "lightgbm" else by_shap
extra = [request["categorical"]] if request["by"] == "lightgbm" else []
answers = []
for trees in request["outputs"]:
    base, values = explain(trees, rows, *extra)
    answers.append({"base": base, "values": np.asarray(values).reshape(len(rows), -1).tolist()})
json.dump(answers, sys.stdout)
