"""Writes what scikit-learn and SciPy say of small regression problems, as one JSON document."""
import json

import numpy as np
from scipy import stats
from sklearn.linear_model import ElasticNet, LogisticRegression

random = np.random.default_rng(3)
rows, features = 400, 6
x = random.normal(size=(rows, features)).astype(np.float32).astype(np.float64)
x[:, 1] = (0.7 * x[:, 0] + 0.5 * x[:, 1]).astype(np.float32)
weights = random.uniform(0.2, 3, size=rows)
signal = x @ np.array([1.5, -1, 0, 0, 0.4, 0])
number = (signal + random.normal(size=rows)).astype(np.float32).astype(np.float64)
binary = (signal + random.logistic(size=rows) > 0).astype(int)
multi = np.argmax(np.stack([signal, -x[:, 2], x[:, 3] * 2]) + random.gumbel(size=(3, rows)), axis=0)

# ours works on standardised columns: so does the peer
mean = np.float32(np.average(x, axis=0, weights=weights)).astype(np.float64)
deviation = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=weights))
z = (x - mean) / deviation
result = {"rows": rows, "features": features, "x": x.T.ravel().tolist(), "weights": weights.tolist(),
          "number": number.tolist(), "binary": binary.tolist(), "multi": multi.tolist(), "fits": []}
for l1, l2 in [(8, 4), (30, 0), (0, 5)]:
    total = weights.sum()
    alpha = (l1 + l2) / total
    fit = ElasticNet(alpha=alpha, l1_ratio=l1 / (l1 + l2), tol=1e-12, max_iter=100000).fit(z, number, sample_weight=weights)
    result["fits"].append({"task": "regression", "l1": l1, "l2": l2, "coefficients": [fit.coef_.tolist()], "intercepts": [float(fit.intercept_)]})
    for task, label in [("binary", binary), ("multiclass", multi)]:
        fit = LogisticRegression(penalty="elasticnet", solver="saga", C=1 / (l1 + l2), l1_ratio=l1 / (l1 + l2), tol=1e-10,
                                 max_iter=200000).fit(z, label, sample_weight=weights)
        result["fits"].append({"task": task, "l1": l1, "l2": l2, "coefficients": fit.coef_.tolist(), "intercepts": fit.intercept_.tolist()})

# the closed form of ordinary least squares
design = np.column_stack([np.ones(rows), x])
inverse = np.linalg.inv(design.T @ design)
estimate = inverse @ design.T @ number
residual = number - design @ estimate
degrees = rows - features - 1
error = np.sqrt(np.diag(inverse) * (residual @ residual) / degrees)
t = estimate / error
result["leastSquares"] = {"estimate": estimate[1:].tolist(), "standardError": error[1:].tolist(),
                          "pValue": (2 * stats.t.sf(np.abs(t), degrees))[1:].tolist(),
                          "lower": (estimate - stats.t.ppf(0.975, degrees) * error)[1:].tolist()}
# Wald's errors of the unpenalised logistic regression, at the maximum found by Newton's method
beta = np.zeros(features + 1)
for _ in range(50):
    p = 1 / (1 + np.exp(-design @ beta))
    information = design.T @ (design * (p * (1 - p))[:, None])
    beta += np.linalg.solve(information, design.T @ (binary - p))
error = np.sqrt(np.diag(np.linalg.inv(information)))
result["logistic"] = {"estimate": beta[1:].tolist(), "standardError": error[1:].tolist(),
                      "pValue": (2 * stats.norm.sf(np.abs(beta / error)))[1:].tolist(),
                      "lower": (beta - stats.norm.ppf(0.975) * error)[1:].tolist()}
print(json.dumps(result))
