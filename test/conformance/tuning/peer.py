"""Optuna beside the samplers and the importance of settings: best losses of seeded searches, and shares of variance.

Reads the observations whose importance is asked for, {"observations": [{"values": {...}, "loss": ...}]}, from standard input.
"""

import json
import math
import sys

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.importance import FanovaImportanceEvaluator

optuna.logging.set_verbosity(optuna.logging.ERROR)

TRIALS = 60
SEEDS = range(1, 16)


def learner(trial):
    leaves = trial.suggest_int("leaves", 2, 255, log=True)
    rate = trial.suggest_float("rate", 0.001, 1, log=True)
    sampling = trial.suggest_float("sampling", 0.5, 1)
    kind = trial.suggest_categorical("kind", ["a", "b", "c"])
    return (
        math.log(leaves / 40) ** 2
        + math.log(rate / 0.05) ** 2
        + 0.5 * (sampling - 0.8) ** 2
        + (0 if kind == "b" else 1)
    )


def valley(trial):
    """Rosenbrock's function, whose settings only together tell anything."""
    x = trial.suggest_float("x", -2, 2)
    y = trial.suggest_float("y", -1, 3)
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def bests(objective, sampler):
    found = []
    for seed in SEEDS:
        study = optuna.create_study(sampler=sampler(seed))
        study.optimize(objective, n_trials=TRIALS)
        found.append(study.best_value)
    return found


def importance(observations):
    study = optuna.create_study()
    distributions = {
        "strong": FloatDistribution(0, 1),
        "weak": FloatDistribution(0, 1),
        "kind": CategoricalDistribution([0, 1, 2]),
        "idle": FloatDistribution(0, 1),
    }
    for one in observations:
        study.add_trial(
            optuna.trial.create_trial(
                params=one["values"], distributions=distributions, value=one["loss"]
            )
        )
    shares = FanovaImportanceEvaluator(seed=1).evaluate(study)
    return dict(shares)


asked = json.load(sys.stdin)
json.dump(
    {
        "trials": TRIALS,
        "seeds": list(SEEDS),
        "learner": {
            "tpe": bests(learner, lambda seed: optuna.samplers.TPESampler(seed=seed)),
            "random": bests(learner, lambda seed: optuna.samplers.RandomSampler(seed=seed)),
        },
        "valley": {
            "tpe": bests(valley, lambda seed: optuna.samplers.TPESampler(seed=seed)),
            "random": bests(valley, lambda seed: optuna.samplers.RandomSampler(seed=seed)),
        },
        "importance": importance(asked["observations"]),
    },
    sys.stdout,
)
