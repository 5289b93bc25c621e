"""Learns a network with PyTorch from rows that Falaj has prepared, on a GPU if it sees one: the learner of a Training definition.

    falaj train -f training.yaml --wait

Runs in a folder of its own, where training.arrow, validation.arrow and learner.json lie, and writes model.onnx there.
"""

import copy
import json
import os

import pyarrow.feather
import torch
from torch import nn

# The same rows and seed give the same network, on a GPU too.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
torch.use_deterministic_algorithms(True)

SETTINGS = {
    "hidden": [64, 32],
    "dropout": 0.0,
    "epochs": 30,
    "batch_rows": 1024,
    "learning_rate": 1e-3,
    "weight_decay": 1e-4,
    "patience": 5,
}


class Network(nn.Module):
    """Reads the features as they are handed over: scaling, and what stands for a missing number, are part of the model."""

    def __init__(self, features, outputs, settings):
        super().__init__()
        present = ~features.isnan()
        counts = present.sum(0).clamp(min=1)
        mean = features.nan_to_num().sum(0) / counts
        deviation = ((torch.where(present, features - mean, 0.0) ** 2).sum(0) / counts).sqrt()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", torch.where(deviation > 0, deviation, 1.0))
        sizes = [features.shape[1], *settings["hidden"]]
        layers = []
        for inputs, units in zip(sizes, sizes[1:]):
            layers += [nn.Linear(inputs, units), nn.ReLU(), nn.Dropout(settings["dropout"])]
        self.layers = nn.Sequential(*layers, nn.Linear(sizes[-1], outputs))

    def forward(self, features):
        scaled = (features - self.mean) / self.deviation
        return self.layers(torch.where(torch.isnan(scaled), 0.0, scaled))


class Answer(nn.Module):
    """What the model hands back: a number, the chance of the second class, or the chance of each."""

    def __init__(self, network, task, offset, scale):
        super().__init__()
        self.network, self.task, self.offset, self.scale = network, task, offset, scale

    def forward(self, features):
        score = self.network(features)
        if self.task == "regression":
            return score * self.scale + self.offset
        return torch.sigmoid(score) if self.task == "binary" else torch.softmax(score, dim=1)


def read_part(job, name, device):
    table = pyarrow.feather.read_table(f"{name}.arrow")

    def column(of):
        return torch.tensor(table[of].to_numpy(), dtype=torch.float32)

    features = torch.stack([column(of) for of in job["features"]], dim=1)
    weights = torch.ones(len(features)) if job["weight"] is None else column(job["weight"])
    return [part.to(device) for part in (features, column(job["label"]), weights)]


def losses_of(task, score, label):
    if task == "multiclass":
        return nn.functional.cross_entropy(score, label.long(), reduction="none")
    loss = nn.functional.mse_loss if task == "regression" else nn.functional.binary_cross_entropy_with_logits
    return loss(score.squeeze(1), label, reduction="none")


def main():
    with open("learner.json") as file:
        job = json.load(file)
    task, settings = job["task"], {**SETTINGS, **job["parameters"]}
    torch.manual_seed(job["seed"])
    torch.set_num_threads(job["threads"])
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    print(f"learns on {torch.cuda.get_device_name() if device.type == 'cuda' else 'the CPU'}")

    features, label, weights = read_part(job, "training", device)
    held, truth, _ = read_part(job, "validation", device) if job["rows"]["validation"] > 0 else (None, None, None)
    # A number is learned in deviations from its mean.
    is_number = task == "regression"
    offset, scale = (label.mean().item(), label.std().item() or 1.0) if is_number else (0.0, 1.0)
    label = (label - offset) / scale
    truth = None if truth is None else (truth - offset) / scale

    network = Network(features, len(job["classes"]) if task == "multiclass" else 1, settings).to(device)
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=settings["learning_rate"], weight_decay=settings["weight_decay"]
    )
    best, best_loss, worse = None, float("inf"), 0
    for epoch in range(settings["epochs"]):
        network.train()
        total = 0.0
        for rows in torch.randperm(len(features)).to(device).split(settings["batch_rows"]):
            loss = (losses_of(task, network(features[rows]), label[rows]) * weights[rows]).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        metrics = {"trainLoss": total / len(features)}
        if held is not None:
            network.eval()
            with torch.no_grad():
                metrics["validationLoss"] = losses_of(task, network(held), truth).mean().item()
        # A point of the run's curves; a search gives up by validationLoss.
        print("falaj", json.dumps({"step": epoch + 1, "of": settings["epochs"], "metrics": metrics}))
        if held is None:
            continue
        if metrics["validationLoss"] < best_loss:
            best, best_loss, worse = copy.deepcopy(network.state_dict()), metrics["validationLoss"], 0
        else:
            worse += 1
        if worse == settings["patience"]:
            break
    if best is not None:
        network.load_state_dict(best)

    torch.onnx.export(
        Answer(network, task, offset, scale).eval().cpu(),
        (features[:2].cpu(),),
        job["model"],
        input_names=["features"],
        output_names=["prediction" if is_number else "probability"],
        dynamic_shapes={"features": {0: torch.export.Dim("rows")}},
        opset_version=18,
        dynamo=True,
        external_data=False,
        verbose=False,
    )


if __name__ == "__main__":
    main()
