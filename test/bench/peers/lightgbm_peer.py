"""LightGBM on the work that Falaj's trees are measured by.

data FOLDER NAME TRAIN                       writes NAME.f32 (column-major, 20 features) and NAME.y, a quarter more rows for the test
fit FOLDER NAME TRAIN FEATURES THREADS       fits the first TRAIN rows and prints one JSON line
"""

import json
import resource
import sys
import time

import numpy as np


def data(folder, name, train):
    from sklearn.datasets import make_classification

    rows = int(train) * 5 // 4
    x, y = make_classification(rows, 20, n_informative=12, n_redundant=4, flip_y=0.02, random_state=7)
    np.ascontiguousarray(x.astype("float32").T).tofile(f"{folder}/{name}.f32")
    y.astype("float32").tofile(f"{folder}/{name}.y")


def fit(folder, name, train, features, threads):
    import lightgbm
    from sklearn.metrics import log_loss, roc_auc_score

    train = int(train)
    y = np.fromfile(f"{folder}/{name}.y", "float32")
    x = np.ascontiguousarray(np.fromfile(f"{folder}/{name}.f32", "float32").reshape(int(features), -1).T)
    xs, ys = x[:train], y[:train]
    model = lightgbm.LGBMClassifier(
        n_estimators=100, num_leaves=31, max_bin=255, learning_rate=0.1, min_child_samples=20,
        n_jobs=int(threads), verbose=-1,
    )
    with open("/proc/self/status") as status:
        before = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    started, cpu = time.perf_counter(), time.process_time()
    model.fit(xs, ys)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    held = model.predict_proba(x[train:])[:, 1]
    return {
        "fitMs": 1000 * seconds,
        "cpuMs": 1000 * cpu,
        "auc": roc_auc_score(y[train:], held),
        "logLoss": log_loss(y[train:], held),
        "trainLoss": log_loss(ys, model.predict_proba(xs)[:, 1]),
        "peakMB": (peak - before) * 1024 / 1e6,
        "threads": int(threads),
    }


result = {"data": data, "fit": fit}[sys.argv[1]](*sys.argv[2:])
if result is not None:
    print(json.dumps(result))
