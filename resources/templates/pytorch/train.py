"""Trains a small network with PyTorch: on a GPU if there is one, on several with torchrun, and on from its last checkpoint.

    falaj run --gpus 1 --env requirements.txt -- python train.py
    falaj run --gpus 2 -- torchrun --standalone --nproc-per-node 2 train.py

A run that was stopped goes on where it was when it is started again in the same folder: `falaj runs rerun ID`.
"""

import argparse
import os
import time
from pathlib import Path

import mlflow
import torch
from torch import distributed, nn
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset


def make_rows(seed, rows=20_000):
    """Replace this by your data, such as a file that `falaj data export NAME table.parquet` wrote."""
    random = torch.Generator().manual_seed(seed)
    features = torch.randn(rows, 16, generator=random)
    label = (features[:, 0] + features[:, 1] * features[:, 2] > 0).float()
    return features, label


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoint.pt"))
    parser.add_argument("--checkpoint-seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()

    # torchrun sets these; alone this is the only process.
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    local_rank = int(os.environ.get("LOCAL_RANK", 0))
    is_first = rank == 0
    if world > 1:
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    device = torch.device(f"cuda:{local_rank}" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(options.seed)

    features, label = make_rows(options.seed)
    cut = int(len(features) * 0.8)
    rows = TensorDataset(features[:cut], label[:cut])
    network = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1)).to(device)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.learning_rate)
    model = nn.parallel.DistributedDataParallel(network) if world > 1 else network
    loss_of = nn.BCEWithLogitsLoss()

    epoch = 0
    if options.checkpoint.exists():
        kept = torch.load(options.checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        epoch = kept["epoch"]
        print(f"goes on after epoch {epoch}")

    def keep(done):
        # Written beside and moved into place, so that a run that dies here leaves the last one whole.
        beside = options.checkpoint.with_suffix(".new")
        torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "epoch": done}, beside)
        beside.replace(options.checkpoint)

    run = mlflow.start_run() if is_first else None
    if is_first:
        mlflow.log_params({key: str(value) for key, value in vars(options).items()} | {"device": str(device)})
    kept_at = time.monotonic()
    for epoch in range(epoch, options.epochs):
        # The order of rows depends on the seed and the epoch alone, so that a resumed run sees the same.
        order = torch.Generator().manual_seed(options.seed + epoch)
        sampler = DistributedSampler(rows, world, rank, seed=options.seed) if world > 1 else None
        if sampler is not None:
            sampler.set_epoch(epoch)
        loader = DataLoader(rows, options.batch, sampler=sampler, shuffle=sampler is None, generator=order)
        model.train()
        total = 0.0
        for x, y in loader:
            loss = loss_of(model(x.to(device)).squeeze(1), y.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        model.eval()
        with torch.no_grad():
            answer = network(features[cut:].to(device)).squeeze(1).cpu()
        if is_first:
            accuracy = ((answer > 0).float() == label[cut:]).float().mean().item()
            mlflow.log_metrics({"loss": total / len(rows) * world, "accuracy": accuracy}, step=epoch + 1)
            print(f"epoch {epoch + 1}: accuracy {accuracy:.4f}")
            if time.monotonic() - kept_at > options.checkpoint_seconds or epoch + 1 == options.epochs:
                keep(epoch + 1)
                kept_at = time.monotonic()
    if run is not None:
        mlflow.log_artifact(str(options.checkpoint))
        mlflow.end_run()
    if world > 1:
        distributed.destroy_process_group()


if __name__ == "__main__":
    main()
