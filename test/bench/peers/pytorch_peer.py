"""PyTorch on the work that Falaj's networks are measured by.

data FOLDER TRAIN          writes digits.f32 (column-major, 784 features, ten classes) and digits.y, a sixth more rows for the test
fit FOLDER TRAIN THREADS   learns one epoch of the first TRAIN rows and prints one JSON line
"""

import json
import sys
import time

import numpy as np

FEATURES = 784
CLASSES = 10
BATCH = 256


def data(folder, train):
    """Ten blurred shapes with strong noise: an epoch learns much of them, not all."""
    train = int(train)
    rows = train * 7 // 6
    random = np.random.default_rng(7)
    shapes = random.normal(size=(CLASSES, 3, FEATURES)).astype("float32")
    y = random.integers(0, CLASSES, rows)
    variant = random.integers(0, 3, rows)
    x = np.empty((rows, FEATURES), "float32")
    for start in range(0, rows, 10_000):
        part = slice(start, start + 10_000)
        noise = random.normal(scale=6, size=x[part].shape).astype("float32")
        x[part] = shapes[y[part], variant[part]] + noise
    np.ascontiguousarray(x.T).tofile(f"{folder}/digits.f32")
    y.astype("float32").tofile(f"{folder}/digits.y")


def fit(folder, train, threads):
    import torch
    from torch import nn

    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    train = int(train)
    y = torch.from_numpy(np.fromfile(f"{folder}/digits.y", "float32")).long()
    x = np.ascontiguousarray(np.fromfile(f"{folder}/digits.f32", "float32").reshape(FEATURES, -1).T)
    x = torch.from_numpy(x)
    model = nn.Sequential(
        nn.Linear(FEATURES, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, CLASSES)
    )
    # The same chances for the first weights as ours, so that the figures after an epoch can be compared.
    hidden, last = [layer for layer in model if isinstance(layer, nn.Linear)][:2], model[-1]
    for layer in hidden:
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
    nn.init.uniform_(last.weight, -(1 / last.in_features) ** 0.5, (1 / last.in_features) ** 0.5)
    for layer in [*hidden, last]:
        nn.init.zeros_(layer.bias)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    loss_of = nn.CrossEntropyLoss()
    started, steps = time.perf_counter(), 0
    mean, deviation = x[:train].mean(0), x[:train].std(0)
    for batch in torch.randperm(train).split(BATCH):
        optimizer.zero_grad()
        loss = loss_of(model((x[batch] - mean) / deviation), y[batch])
        loss.backward()
        optimizer.step()
        steps += 1
    seconds = time.perf_counter() - started
    with torch.no_grad():
        scores = model((x[train:] - mean) / deviation)
    right = (scores.argmax(1) == y[train:]).float().mean().item()
    return {"fitMs": 1000 * seconds, "steps": steps, "accuracy": right, "threads": torch.get_num_threads()}


result = {"data": data, "fit": fit}[sys.argv[1]](*sys.argv[2:])
if result is not None:
    print(json.dumps(result))
