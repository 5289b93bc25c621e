"""Trains with mlflow.pytorch.autolog() of Lightning, on a CPU, and prints what the server keeps."""

import json
import sys

import lightning
import mlflow
import torch
from mlflow import MlflowClient
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 3

torch.manual_seed(7)
features = torch.randn(512, 5)
label = (features[:, :1] + 0.3 * torch.randn(512, 1) > 0).float()
client = MlflowClient()


class Network(lightning.LightningModule):
    def __init__(self, learning_rate=0.05):
        super().__init__()
        self.learning_rate = learning_rate
        self.layers = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 1))

    def forward(self, x):
        return self.layers(x)

    def loss_of(self, batch):
        x, y = batch
        return nn.functional.binary_cross_entropy_with_logits(self(x), y)

    def training_step(self, batch, _):
        loss = self.loss_of(batch)
        self.log("train_loss", loss, on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch, _):
        self.log("val_loss", self.loss_of(batch))

    def test_step(self, batch, _):
        self.log("test_loss", self.loss_of(batch))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.learning_rate)


def loader(first, last, shuffle=False):
    return DataLoader(TensorDataset(features[first:last], label[first:last]), batch_size=64, shuffle=shuffle)


mlflow.set_experiment("autolog-pytorch")
mlflow.pytorch.autolog(checkpoint=True, checkpoint_monitor="val_loss", checkpoint_save_best_only=False)
network = Network()
trainer = lightning.Trainer(
    max_epochs=EPOCHS,
    accelerator="cpu",
    devices=1,
    logger=False,
    enable_progress_bar=False,
    enable_model_summary=False,
    callbacks=[lightning.pytorch.callbacks.EarlyStopping("val_loss", patience=EPOCHS)],
)
with mlflow.start_run() as run:
    trainer.fit(network, loader(0, 384, shuffle=True), loader(384, 448))
    trainer.test(network, loader(448, 512), verbose=False)

run_id = run.info.run_id
kept = client.get_run(run_id)
models = [each.model_id for each in kept.outputs.model_outputs] if kept.outputs else []


def files(path=None):
    for each in client.list_artifacts(run_id, path):
        if each.is_dir:
            yield from files(each.path)
        else:
            yield each.path


artifacts = sorted(files())
loaded = mlflow.pytorch.load_model(f"models:/{models[-1]}")
network.eval()
with torch.no_grad():
    difference = float((loaded(features) - network(features)).abs().max())

# The checkpoint of the last epoch is the state that training ended with.
restored = mlflow.pytorch.load_checkpoint(Network, run_id, epoch=EPOCHS - 1).state_dict()
same = all(torch.equal(restored[name], value) for name, value in network.state_dict().items())

version = mlflow.register_model(f"models:/{models[-1]}", "lightning-net")
registered = mlflow.pyfunc.load_model(f"models:/lightning-net/{version.version}")
pyfunc = float(abs(registered.predict(features.numpy()) - loaded(features).detach().numpy()).max())

said = {
    "status": kept.info.status,
    "params": kept.data.params,
    "metrics": kept.data.metrics,
    "steps": {name: sorted({point.step for point in client.get_metric_history(run_id, name)}) for name in kept.data.metrics},
    "artifacts": artifacts,
    "models": models,
    "flavours": sorted(mlflow.models.get_model_info(f"models:/{models[-1]}").flavors),
    "difference": difference,
    "restored": same,
    "pyfunc": pyfunc,
}
json.dump(said, sys.stdout)
