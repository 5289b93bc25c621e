"""Trains a classifier with scikit-learn and tracks it.

    falaj run --env requirements.txt -- python train.py --data table.parquet --label late

Without --data it trains on a table that comes with scikit-learn.
"""

import argparse

import mlflow
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split


def read_table(path, label):
    if path is None:
        table = load_breast_cancer(as_frame=True)
        return table.data, table.target
    import pandas

    table = pandas.read_parquet(path) if path.endswith(".parquet") else pandas.read_csv(path)
    return table.drop(columns=[label]).select_dtypes("number"), table[label].astype(int)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="Parquet or CSV; export one with `falaj data export NAME table.parquet`")
    parser.add_argument("--label", default="target")
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--iterations", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()

    features, label = read_table(options.data, options.label)
    train_x, test_x, train_y, test_y = train_test_split(
        features, label, test_size=0.2, random_state=options.seed, stratify=label
    )
    # Under `falaj run` this is the run that was opened for the script.
    with mlflow.start_run():
        mlflow.log_params({key: value for key, value in vars(options).items() if value is not None})
        model = HistGradientBoostingClassifier(
            learning_rate=options.learning_rate, max_iter=options.iterations, random_state=options.seed
        )
        model.fit(train_x, train_y)
        for step, chances in enumerate(model.staged_predict_proba(test_x)):
            mlflow.log_metric("logloss", log_loss(test_y, chances[:, 1]), step=step)
        mlflow.log_metric("auc", roc_auc_score(test_y, model.predict_proba(test_x)[:, 1]))
    print("done")


if __name__ == "__main__":
    main()
