"""Optuna beside the sampler of several objectives: the losses of all trials of seeded searches.

One of the problems is a real table: decision trees of scikit-learn over handwritten digits, how often they are wrong and how many
leaves they have, tabled once so that both sides search the very same.
"""

import json
import math
import sys

import optuna
from sklearn.datasets import load_digits
from sklearn.tree import DecisionTreeClassifier

optuna.logging.set_verbosity(optuna.logging.ERROR)

TRIALS = 60
SEEDS = range(1, 16)
LEAVES = [round(2 * 1.25**step) for step in range(22)]
ROWS = list(range(1, 30, 3))
DEPTHS = [4, 8, 16]


def zdt1(trial):
    """E. Zitzler et al., Comparison of Multiobjective Evolutionary Algorithms, 2000."""
    x = [trial.suggest_float(f"x{at}", 0, 1) for at in range(5)]
    far = 1 + 9 * sum(x[1:]) / 4
    return x[0], far * (1 - math.sqrt(x[0] / far))


def dtlz2(trial):
    """K. Deb et al., Scalable Multi-Objective Optimization Test Problems, 2002."""
    x = [trial.suggest_float(f"x{at}", 0, 1) for at in range(6)]
    far = 1 + sum((value - 0.5) ** 2 for value in x[2:])
    first, second = x[0] * math.pi / 2, x[1] * math.pi / 2
    return (
        far * math.cos(first) * math.cos(second),
        far * math.cos(first) * math.sin(second),
        far * math.sin(first),
    )


def table():
    values, labels = load_digits(return_X_y=True)

    def figures(leaves, rows, depth):
        tree = DecisionTreeClassifier(
            max_leaf_nodes=leaves,
            min_samples_leaf=rows,
            max_depth=depth,
            random_state=1,
        ).fit(values[::3], labels[::3])
        return [1 - tree.score(values[1::3], labels[1::3]), int(tree.get_n_leaves())]

    return [[[figures(leaves, rows, depth) for depth in DEPTHS] for rows in ROWS] for leaves in LEAVES]


DIGITS = table()


def digits(trial):
    leaves = trial.suggest_int("leaves", 0, len(LEAVES) - 1)
    rows = trial.suggest_int("rows", 0, len(ROWS) - 1)
    depth = trial.suggest_categorical("depth", range(len(DEPTHS)))
    return DIGITS[leaves][rows][depth]


def searches(objective, sampler, objectives):
    found = []
    for seed in SEEDS:
        study = optuna.create_study(sampler=sampler(seed), directions=["minimize"] * objectives)
        study.optimize(objective, n_trials=TRIALS)
        found.append([list(trial.values) for trial in study.trials])
    return found


SAMPLERS = {
    "motpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "nsga2": lambda seed: optuna.samplers.NSGAIISampler(seed=seed, population_size=15),
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
}
json.dump(
    {
        "trials": TRIALS,
        "seeds": list(SEEDS),
        "digits": DIGITS,
        "searches": {
            name: {of: searches(problem, sampler, objectives) for of, sampler in SAMPLERS.items()}
            for name, problem, objectives in [("zdt1", zdt1, 2), ("dtlz2", dtlz2, 3), ("digits", digits, 2)]
        },
    },
    sys.stdout,
)
