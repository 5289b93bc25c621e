"""Trains boosted trees with LightGBM and tracks every iteration.

    falaj run --cpus 4 --env requirements.txt -- python train.py --data table.parquet --label late

Without --data it trains on made-up rows.
"""

import argparse

import lightgbm
import mlflow
import numpy
import pandas


def read_table(path, label, seed):
    if path is None:
        random = numpy.random.default_rng(seed)
        features = pandas.DataFrame(random.normal(size=(5000, 8)), columns=[f"x{n}" for n in range(8)])
        chance = 1 / (1 + numpy.exp(-(features["x0"] + features["x1"] * features["x2"])))
        return features, (random.random(len(features)) < chance).astype(int)
    table = pandas.read_parquet(path) if path.endswith(".parquet") else pandas.read_csv(path)
    features = table.drop(columns=[label])
    for column in features.select_dtypes("object"):
        features[column] = features[column].astype("category")
    return features, table[label].astype(int)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="Parquet or CSV; export one with `falaj data export NAME table.parquet`")
    parser.add_argument("--label", default="target")
    parser.add_argument("--leaves", type=int, default=31)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--trees", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()

    features, label = read_table(options.data, options.label, options.seed)
    # The last fifth of the rows, which should be the newest, tells how good the model is.
    cut = int(len(features) * 0.8)
    train = lightgbm.Dataset(features[:cut], label[:cut])
    validation = train.create_valid(features[cut:], label[cut:])

    def track(state):
        for _, metric, value, _ in state.evaluation_result_list:
            mlflow.log_metric(metric, value, step=state.iteration)

    with mlflow.start_run():
        mlflow.log_params({key: value for key, value in vars(options).items() if value is not None})
        model = lightgbm.train(
            {
                "objective": "binary",
                "metric": ["auc", "binary_logloss"],
                "num_leaves": options.leaves,
                "learning_rate": options.learning_rate,
                "seed": options.seed,
                "deterministic": True,
                "verbosity": -1,
            },
            train,
            num_boost_round=options.trees,
            valid_sets=[validation],
            callbacks=[track, lightgbm.early_stopping(20, verbose=False)],
        )
        model.save_model("model.txt")
        mlflow.log_artifact("model.txt")
        mlflow.log_metric("trees", model.best_iteration)
    print("done")


if __name__ == "__main__":
    main()
