"""Writes event files as TensorFlow 1 and PyTorch do (simple values), and as TensorFlow 2 does (tensors)."""

import sys

from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.summary import Writer
from tensorboard.summary.writer.event_file_writer import EventFileWriter

folder = sys.argv[1]

simple = EventFileWriter(f"{folder}/runs/simple")
for step in range(1000):
    value = Summary.Value(tag="train/loss", simple_value=1.0 / (step + 1))
    simple.add_event(Event(wall_time=1_700_000_000.5 + step, step=step, summary=Summary(value=[value])))
nothing = Summary.Value(tag="broken", simple_value=float("nan"))
simple.add_event(Event(wall_time=1_700_001_000.5, step=1000, summary=Summary(value=[nothing])))
simple.close()

tensors = Writer(f"{folder}/runs/tensors")
for step in range(10):
    tensors.add_scalar("accuracy", step / 10, step)
tensors.close()
