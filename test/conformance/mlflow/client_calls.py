"""What a training script does through the stock client, against the server that MLFLOW_TRACKING_URI names.

The client is MLflow's own, 2.x or 3.x. Every claim is an assertion; the last line printed says how many held.
"""
import math
import os
import tempfile

import mlflow
import mlflow.pyfunc
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException

MAJOR = int(mlflow.__version__.split(".")[0])
held = 0


def check(truth, what):
    global held
    assert truth, what
    held += 1


def refused(code, action):
    global held
    try:
        action()
    except MlflowException as error:
        assert error.error_code == code, (error.error_code, str(error))
        held += 1
        return
    raise AssertionError(f"{code} was expected")


client = MlflowClient()
NAME = f"تجربة {MAJOR}"

# experiments
check(client.get_experiment("0").name == "Default", "the default experiment is there")
check(client.get_experiment_by_name("nowhere") is None, "a missing experiment is none")
experiment_id = client.create_experiment(NAME, tags={"team": "x"})
refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_experiment(NAME))
mlflow.set_experiment(NAME)
client.set_experiment_tag(experiment_id, "stage", "a/b")
check(client.get_experiment(experiment_id).tags == {"team": "x", "stage": "a/b"}, "experiment tags")
check([e.name for e in client.search_experiments(filter_string="tags.team = 'x'") if e.experiment_id == experiment_id] == [NAME], "search_experiments")
other = client.create_experiment(f"other-{MAJOR}")
client.rename_experiment(other, f"renamed-{MAJOR}")
client.delete_experiment(other)
check(other not in [e.experiment_id for e in client.search_experiments()], "deleted is hidden")
check(other in [e.experiment_id for e in client.search_experiments(view_type=ViewType.DELETED_ONLY)], "deleted is kept")
client.restore_experiment(other)
check(client.get_experiment(other).name == f"renamed-{MAJOR}", "restored with its new name")

# a run with nested ones
with mlflow.start_run(run_name="parent") as parent:
    mlflow.log_params({"lr": 0.1, "layers": 3})
    mlflow.log_metric("loss", 0.5, step=1)
    mlflow.log_metric("loss", 0.25, step=2)
    mlflow.log_metric("loss", 0.25, step=2)
    mlflow.log_metric("odd", math.nan)
    mlflow.log_metric("up", math.inf)
    mlflow.log_metric("down", -math.inf)
    mlflow.log_metrics({"auc": 0.75, "val.auc": 0.7}, step=3)
    mlflow.set_tags({"release": "1.0", "اللون": "أحمر"})
    mlflow.log_dict({"a": [1, 2]}, "config/settings.json")
    mlflow.log_text("hello", "notes.txt")
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/deep/er")
        with open(f"{folder}/deep/er/data.bin", "wb") as file:
            file.write(os.urandom(3_000_000))
        mlflow.log_artifacts(folder, "files")
    for number in range(2):
        with mlflow.start_run(run_name=f"child {number}", nested=True):
            mlflow.log_metric("auc", 0.8 + number / 10)
            mlflow.log_param("lr", number)
run_id = parent.info.run_id
run = client.get_run(run_id)
check(run.info.run_name == "parent" and run.info.status == "FINISHED", "name and status")
check(run.data.params == {"lr": "0.1", "layers": "3"}, run.data.params)
check(run.data.metrics["loss"] == 0.25 and math.isnan(run.data.metrics["odd"]), run.data.metrics)
check(run.data.metrics["up"] == math.inf and run.data.metrics["down"] == -math.inf, run.data.metrics)
check(run.data.tags["اللون"] == "أحمر" and run.data.tags["mlflow.runName"] == "parent", run.data.tags)
check([(m.step, m.value) for m in client.get_metric_history(run_id, "loss")] == [(1, 0.5), (2, 0.25), (2, 0.25)], "history keeps duplicates")
check(client.get_metric_history(run_id, "nothing") == [], "no history")
children = client.search_runs([experiment_id], f"tags.mlflow.parentRunId = '{run_id}'", order_by=["metrics.auc DESC"])
check([r.info.run_name for r in children] == ["child 1", "child 0"], children)

# artifacts
check([f.path for f in client.list_artifacts(run_id)] == ["config", "files", "notes.txt"], "top folder")
check([(f.path, f.file_size) for f in client.list_artifacts(run_id, "files/deep/er")] == [("files/deep/er/data.bin", 3_000_000)], "deep folder")
check(client.list_artifacts(run_id, "missing") == [], "a missing folder is empty")
check(mlflow.artifacts.load_dict(f"runs:/{run_id}/config/settings.json") == {"a": [1, 2]}, "load_dict")
check(os.path.getsize(mlflow.artifacts.download_artifacts(f"runs:/{run_id}/files/deep/er/data.bin")) == 3_000_000, "download")

# written once
refused("INVALID_PARAMETER_VALUE", lambda: client.log_param(run_id, "lr", "0.2"))
client.log_param(run_id, "lr", "0.1")
refused("INVALID_PARAMETER_VALUE", lambda: client.log_batch(run_id, params=[Param("new", "1"), Param("lr", "9")]))
check("new" not in client.get_run(run_id).data.params, "a refused batch leaves nothing")
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_run("0" * 32))

# batches and paging
batch = client.create_run(experiment_id)
check(batch.info.run_name != "", "a name is given")
metrics = [Metric("curve", step / 7, 1_700_000_000_000 + step, step) for step in range(3000)]
for start in range(0, 3000, 1000):
    client.log_batch(batch.info.run_id, metrics=metrics[start : start + 1000])
client.log_batch(batch.info.run_id, tags=[RunTag(f"t{n}", "x") for n in range(100)])
history = client.get_metric_history(batch.info.run_id, "curve")
check([(m.step, m.value, m.timestamp) for m in history] == [(m.step, m.value, m.timestamp) for m in metrics], "3000 points")
first = client.search_runs([experiment_id], max_results=2)
second = client.search_runs([experiment_id], max_results=2, page_token=first.token)
check(len({r.info.run_id for r in [*first, *second]}) == 4 and first.token, "pages")
check(not second.token, "the last page has no token")
client.set_terminated(batch.info.run_id, "KILLED")
check(client.get_run(batch.info.run_id).info.status == "KILLED", "killed")

# searches
def found(query, **more):
    return [r.info.run_name for r in client.search_runs([experiment_id], query, **more)]


check(found("metrics.auc > 0.7 and metrics.auc <= 0.8", order_by=["metrics.auc"]) == ["parent", "child 0"], "metrics")
check(found("metrics.`val.auc` = 0.7") == ["parent"], "quoted key")
check(found("params.lr = '1' AND attributes.status = 'FINISHED'") == ["child 1"], "params")
check(found("attributes.run_name LIKE 'child%'", order_by=["attributes.run_name ASC"]) == ["child 0", "child 1"], "LIKE")
check(found("tags.`اللون` ILIKE 'أح%'") == ["parent"], "ILIKE")
check(found(f"run_id IN ('{run_id}')") == ["parent"], "IN")
refused("INVALID_PARAMETER_VALUE", lambda: found("metrics.auc >"))
refused("INVALID_PARAMETER_VALUE", lambda: found("metrics.auc > 0.5 OR params.lr = '1'"))

# lifecycle
client.delete_run(batch.info.run_id)
check(batch.info.run_id not in [r.info.run_id for r in client.search_runs([experiment_id])], "deleted run")
client.restore_run(batch.info.run_id)
client.delete_tag(batch.info.run_id, "t0")
client.update_run(batch.info.run_id, status="FINISHED", name="renamed")
check(client.get_run(batch.info.run_id).info.run_name == "renamed", "renamed run")


# a model
class Adder(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [value + 1 for value in model_input]


with mlflow.start_run(run_name="with model") as model_run:
    where = {"artifact_path": "model"} if MAJOR == 2 else {"name": "model"}
    info = mlflow.pyfunc.log_model(python_model=Adder(), pip_requirements=[], **where)
check(mlflow.pyfunc.load_model(info.model_uri).predict([1, 2]) == [2, 3], "the model comes back and runs")
if MAJOR == 3:
    logged = mlflow.get_logged_model(info.model_id)
    check(str(logged.status) == "READY" or "READY" in str(logged.status), logged.status)
    check([m.model_id for m in client.get_run(model_run.info.run_id).outputs.model_outputs] == [info.model_id], "outputs")
    mlflow.set_logged_model_tags(info.model_id, {"a": "b"})
    check(mlflow.get_logged_model(info.model_id).tags["a"] == "b", "model tags")
    check([m.model_id for m in mlflow.search_logged_models([experiment_id], filter_string="name = 'model'", output_format="list")] == [info.model_id], "search_logged_models")
else:
    check("mlflow.log-model.history" in client.get_run(model_run.info.run_id).data.tags, "log-model history")

print(f"mlflow {mlflow.__version__}: {held} claims held")
