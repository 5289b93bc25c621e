"""Large files in parts through the stock client, as MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD makes it send them.

Every claim is an assertion; the last line printed says how many held.
"""
import os
import tempfile

os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true"
os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = "1000000"
os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = "1000000"

import mlflow
from mlflow import MlflowClient
from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository

held = 0
sent = []
upload_part = HttpArtifactRepository._upload_part


def watched(*, credential, **rest):
    sent.append(credential.part_number)
    return upload_part(credential=credential, **rest)


def check(truth, what):
    global held
    assert truth, what
    held += 1


client = MlflowClient()
HttpArtifactRepository._upload_part = staticmethod(watched)
content = os.urandom(3_300_000)
with tempfile.TemporaryDirectory() as folder, mlflow.start_run() as run:
    names = {"weights 1.bin": content, "أوزان.bin": content[:2_000_000], "small.txt": b"small"}
    for name, data in names.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    mlflow.log_artifacts(folder, "deep/er")
    check(sorted(sent) == [1, 1, 2, 2, 3, 4], sent)
    for name, data in names.items():
        path = mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/deep/er/{name}")
        check(open(path, "rb").read() == data, name)
    # the same file again replaces it
    mlflow.log_artifact(os.path.join(folder, "weights 1.bin"), "deep/er")
    files = [(f.path, f.file_size) for f in client.list_artifacts(run.info.run_id, "deep/er")]
    check(("deep/er/weights 1.bin", 3_300_000) in files and len(files) == 3, files)

    # a part that does not arrive: the client gives the upload up, and nothing of it is there
    def failing(*, credential, **rest):
        if credential.part_number == 2:
            raise OSError("the line broke")
        return watched(credential=credential, **rest)

    HttpArtifactRepository._upload_part = staticmethod(failing)
    try:
        mlflow.log_artifact(os.path.join(folder, "weights 1.bin"), "broken")
    except Exception as error:
        check("part" in str(error), error)
    else:
        raise AssertionError("a broken upload was taken for done")
    check(client.list_artifacts(run.info.run_id, "broken") == [], "nothing is half there")

print(f"mlflow {mlflow.__version__}: {held} claims held")
