"""What a script does with the model registry through the stock client, against the server that MLFLOW_TRACKING_URI names.

Every claim is an assertion; the last line printed is JSON with what the test looks at from the other side.
"""
import json
import os
import tempfile

import mlflow
import mlflow.pyfunc
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

try:
    import mlflow.sklearn
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    FLAVOR = "sklearn"
except ImportError:
    FLAVOR = "pyfunc"

MAJOR = int(mlflow.__version__.split(".")[0])
NAME = f"risk-{FLAVOR}-{MAJOR}"
ROWS = [[float(i % 7), float(i % 3)] for i in range(60)]
held = 0


def check(truth, what):
    global held
    assert truth, what
    held += 1


def refused(code, action, words=""):
    global held
    try:
        action()
    except MlflowException as error:
        assert error.error_code == code and words in str(error), (error.error_code, str(error))
        held += 1
        return
    raise AssertionError(f"{code} was expected")


class Doubler(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [value * 2 for value in model_input]


def log(**more):
    """Logs the model under the run that is going on; gives the answer of log_model and what the model predicts."""
    where = {"artifact_path": "model"} if MAJOR == 2 else {"name": "model"}
    if FLAVOR == "sklearn":
        model = LogisticRegression().fit(ROWS, [int(row[0] > 3) for row in ROWS])
        signature = mlflow.models.infer_signature(np.array(ROWS), model.predict(ROWS))
        info = mlflow.sklearn.log_model(model, pip_requirements=[], signature=signature, **where, **more)
        return info, model.predict(ROWS[:10]).tolist()
    info = mlflow.pyfunc.log_model(python_model=Doubler(), pip_requirements=[], **where, **more)
    return info, [2, 4]


def predict(uri):
    given = np.array(ROWS[:10]) if FLAVOR == "sklearn" else [1, 2]
    answer = mlflow.pyfunc.load_model(uri).predict(given)
    return answer.tolist() if hasattr(answer, "tolist") else answer


client = MlflowClient()
experiment_id = mlflow.set_experiment(f"registry {FLAVOR} {MAJOR}").experiment_id
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(NAME))

# log and register at once, then from runs:/
with mlflow.start_run() as first_run:
    mlflow.log_metric("accuracy", 0.75)
    info, expected = log(registered_model_name=NAME)
with mlflow.start_run() as second_run:
    log()
second = mlflow.register_model(f"runs:/{second_run.info.run_id}/model", NAME, tags={"origin": "runs"})
check((second.name, str(second.version), second.status) == (NAME, "2", "READY"), second)
check(second.run_id == second_run.info.run_id, "lineage to the run")
check(second.tags["origin"] == "runs" and len(second.tags["falaj.digest"]) == 64, second.tags)
first = client.get_model_version(NAME, "1")
check(first.run_id == first_run.info.run_id and first.current_stage == "None", first)
refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model(NAME))

# loaded back and run
check(predict(f"models:/{NAME}/1") == expected, "models:/name/1")
check(predict(f"models:/{NAME}/latest") == expected, "models:/name/latest")
client.set_registered_model_alias(NAME, "champion", "1")
check(predict(f"models:/{NAME}@champion") == expected, "models:/name@alias")
check(client.get_model_version_by_alias(NAME, "champion").version in ("1", 1), "alias")
check(client.get_model_version(NAME, "1").aliases == ["champion"], "the version knows its alias")
client.delete_registered_model_alias(NAME, "champion")
client.delete_registered_model_alias(NAME, "champion")
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_model_version_by_alias(NAME, "champion"))
client.set_registered_model_alias(NAME, "champion", "1")
uri = client.get_model_version_download_uri(NAME, "1")
check(uri.startswith("mlflow-artifacts:/"), uri)
with tempfile.TemporaryDirectory() as folder:
    files = sorted(os.listdir(mlflow.artifacts.download_artifacts(f"models:/{NAME}/1", dst_path=folder)))
    check({"MLmodel", "falaj-model.json", "model.sig"} <= set(files), files)
    part = mlflow.artifacts.download_artifacts(f"{uri}/MLmodel", dst_path=folder)
    check("flavors:" in open(part).read(), "a single file")

if FLAVOR == "sklearn":
    try:
        import lightgbm
    except ImportError:
        lightgbm = None
    if lightgbm is not None:
        booster = lightgbm.train({"objective": "regression", "verbose": -1, "min_data_in_leaf": 1}, lightgbm.Dataset(np.array(ROWS), [row[0] for row in ROWS]), 3)
        with mlflow.start_run():
            mlflow.lightgbm.log_model(booster, name="trees", pip_requirements=[], registered_model_name=f"trees-{MAJOR}")
        loaded = mlflow.lightgbm.load_model(f"models:/trees-{MAJOR}/1")
        check((loaded.predict(np.array(ROWS)) == booster.predict(np.array(ROWS))).all(), "lightgbm, in its own flavour")

# only what lies here becomes a version
for source in ["s3://bucket/model", "file:///etc", "/etc", "dbfs:/x", f"mlflow-artifacts://elsewhere/{experiment_id}/x", "models:/a@b", ""]:
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version(NAME, source), "source")
artifacts = f"mlflow-artifacts:/{experiment_id}/{second_run.info.run_id}/artifacts"
refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version(NAME, f"{artifacts}/nothing"), "no files")
refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version(NAME, f"{artifacts}/../x"))
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.create_model_version(NAME, "runs:/" + "0" * 32 + "/model"))
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.create_model_version("nobody", artifacts))
refused("INVALID_PARAMETER_VALUE", lambda: client.create_registered_model("a name with spaces"), "name")
with mlflow.start_run() as files_run:
    mlflow.log_text("one", "bundle/deep/one.txt")
    mlflow.log_text("flavors: [", "broken/MLmodel")
    mlflow.log_text("x", "taken/model.sig")
    mlflow.log_text("flavors: {odd: !!python/object/apply:os.system ['false']}\n", "odd/MLmodel")
files_uri = f"mlflow-artifacts:/{experiment_id}/{files_run.info.run_id}/artifacts"
refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version(NAME, f"{files_uri}/bundle", first_run.info.run_id), "run_id")
refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version(NAME, f"{files_uri}/broken"), "MLmodel")
refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version(NAME, f"{files_uri}/taken"), "model.sig")
client.create_registered_model(f"{NAME}-files")
plain = client.create_model_version(f"{NAME}-files", f"{files_uri}/bundle", files_run.info.run_id)
odd = client.create_model_version(f"{NAME}-files", f"{files_uri}/odd")
check(str(odd.version) == "2", "tags of programming languages are text")

# a registered version stays when its source goes, and nobody writes to it
client.delete_run(files_run.info.run_id)
path = mlflow.artifacts.download_artifacts(f"models:/{NAME}-files/1")
check(open(os.path.join(path, "deep/one.txt")).read() == "one", "the files are there")
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

with tempfile.TemporaryDirectory() as folder:
    with open(f"{folder}/new.txt", "w") as file:
        file.write("x")
    for attempt in [
        lambda: get_artifact_repository(uri).log_artifact(f"{folder}/new.txt"),
        lambda: get_artifact_repository(uri).delete_artifacts("MLmodel"),
    ]:
        try:
            attempt()
        except Exception as error:
            check("signed" in str(error), error)
        else:
            raise AssertionError("a version was written to")

# words and tags
client.update_registered_model(NAME, description="يقدّر المخاطر")
client.set_registered_model_tag(NAME, "team", "credit")
client.set_registered_model_tag(NAME, "gone", "x")
client.delete_registered_model_tag(NAME, "gone")
client.delete_registered_model_tag(NAME, "gone")
model = client.get_registered_model(NAME)
check((model.description, model.tags) == ("يقدّر المخاطر", {"team": "credit"}), model)
client.update_model_version(NAME, "2", description="second")
client.set_model_version_tag(NAME, "2", "checked", "yes")
client.set_model_version_tag(NAME, "2", "gone", "x")
client.delete_model_version_tag(NAME, "2", "gone")
client.delete_model_version_tag(NAME, "2", "never")
version = client.get_model_version(NAME, "2")
check(version.description == "second" and version.tags["checked"] == "yes" and "gone" not in version.tags, version)
refused("INVALID_PARAMETER_VALUE", lambda: client.set_model_version_tag(NAME, "2", "falaj.digest", "0"))
check(version.tags["falaj.digest"] == second.tags["falaj.digest"], "labels are not signed")

# stages
client.transition_model_version_stage(NAME, "1", "Production")
moved = client.transition_model_version_stage(NAME, "2", "production", archive_existing_versions=True)
check(moved.current_stage == "Production" and client.get_model_version(NAME, "1").current_stage == "Archived", moved)
check([(v.version, v.current_stage) for v in client.get_latest_versions(NAME, ["Production"])] in ([("2", "Production")], [(2, "Production")]), "latest in a stage")
check(sorted(v.current_stage for v in client.get_latest_versions(NAME)) == ["Archived", "Production"], "latest of all stages")
check(client.get_latest_versions(NAME, ["Staging"]) == [], "nothing is there")
check(predict(f"models:/{NAME}/Production") == expected, "models:/name/stage")
refused("INVALID_PARAMETER_VALUE", lambda: client.transition_model_version_stage(NAME, "1", "Shipped"))
refused("INVALID_PARAMETER_VALUE", lambda: client.transition_model_version_stage(NAME, "1", "None", archive_existing_versions=True))

# copies keep the digest; names move only while nothing is signed under them
copied = client.copy_model_version(f"models:/{NAME}/2", f"{NAME}-copy")
check(copied.tags["falaj.digest"] == second.tags["falaj.digest"] and copied.run_id == second_run.info.run_id, copied)
check(predict(f"models:/{NAME}-copy/1") == expected, "the copy runs")
refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version(f"{NAME}-copy", f"models:/{NAME}/2", first_run.info.run_id), "run_id")
refused("INVALID_STATE", lambda: client.rename_registered_model(NAME, f"{NAME}-new"), "signatures")
client.create_registered_model(f"{NAME}-empty", tags={"a": "b"}, description="d")
client.rename_registered_model(f"{NAME}-empty", f"{NAME}-moved")
check(client.get_registered_model(f"{NAME}-moved").tags == {"a": "b"}, "renamed")
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(f"{NAME}-empty"))

# searches
ours = f"name LIKE '{NAME}%'"
check([m.name for m in client.search_registered_models(ours)] == sorted([NAME, f"{NAME}-copy", f"{NAME}-files", f"{NAME}-moved"]), "by name")
check([m.name for m in client.search_registered_models("tags.team = 'credit' AND " + ours)] == [NAME], "by tag")
check([m.name for m in client.search_registered_models(f"name ILIKE '{NAME.upper()}'")] == [NAME], "ILIKE")
page = client.search_registered_models(ours, max_results=3, order_by=["name DESC"])
rest = client.search_registered_models(ours, max_results=3, order_by=["name DESC"], page_token=page.token)
check([m.name for m in [*page, *rest]] == sorted([m.name for m in client.search_registered_models(ours)], reverse=True), "pages")
check(page.token and not rest.token, "tokens")
check([int(v.version) for v in client.search_model_versions(f"name = '{NAME}'", order_by=["version_number ASC"])] == [1, 2], "versions")
check([int(v.version) for v in client.search_model_versions(f"run_id = '{second_run.info.run_id}' AND name = '{NAME}'")] == [2], "by run")
check([int(v.version) for v in client.search_model_versions(f"name = '{NAME}' AND tags.checked = 'yes'")] == [2], "by tag")
check([v.name for v in client.search_model_versions(f"tags.`falaj.digest` = '{copied.tags['falaj.digest']}' AND name LIKE '%-copy'")] == [f"{NAME}-copy"], "by digest")
refused("INVALID_PARAMETER_VALUE", lambda: client.search_model_versions("colour = 'red'"))
refused("INVALID_PARAMETER_VALUE", lambda: client.search_registered_models("name >"))

# removal
refused("INVALID_STATE", lambda: client.delete_model_version(NAME, "1"), "champion")
client.delete_registered_model(f"{NAME}-copy")
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(f"{NAME}-copy"))
check(predict(f"models:/{NAME}/2") == expected, "what was copied stays")
client.create_registered_model(f"{NAME}-copy")
again = client.create_model_version(f"{NAME}-copy", f"models:/{NAME}/2")
check(str(again.version) == "2", "a number is given once")
if MAJOR == 3:
    logged = client.get_logged_model(info.model_id)
    check(NAME in logged.tags.get("mlflow.modelVersions", ""), logged.tags)
    refused("INVALID_PARAMETER_VALUE", lambda: mlflow.genai.register_prompt("greeting", "Hello {{name}}"), "prompts")

print(json.dumps({"claims": held, "name": NAME, "flavor": FLAVOR, "digest": second.tags["falaj.digest"], "run": first_run.info.run_id}))
