"""PyTorch's AdaptiveLogSoftmaxWithLoss, for test/nn/adaptive.test.ts.

    python scripts/golden/adaptive.py

An entry is the arguments of the constructor, with the parameters that it draws after manual_seed(0), what all of its methods
find for an input and targets, the gradients of the loss plus the sum of output * (1, 2, …), and its printed form."""

import torch

from values import describe, values, write

cases = {
    "two clusters": {"sizes": [16, 30, [4, 12]], "options": {}, "rows": 9},
    "bias, float64": {"sizes": [9, 20, [3, 6, 15]], "options": {"divValue": 2.0, "headBias": True}, "rows": 12},
    "a quotient that is not a whole number": {"sizes": [10, 9, [5]], "options": {"divValue": 1.3}, "rows": 5},
    "no row of the second cluster": {"sizes": [8, 12, [2, 4]], "options": {}, "rows": 4, "targets": [0, 3, 1, 2]},
    "rows of the head only": {"sizes": [8, 12, [10]], "options": {}, "rows": 3, "targets": [0, 9, 4]},
    "one row": {"sizes": [8, 12, [2, 4]], "options": {}, "rows": None, "targets": [7]},
}
snake = {"divValue": "div_value", "headBias": "head_bias"}
entries = {}
for name, case in cases.items():
    dtype = torch.float64 if "float64" in name else torch.float32
    features, classes, cutoffs = case["sizes"]
    rows = case["rows"]
    torch.manual_seed(0)
    options = {snake[key]: value for key, value in case["options"].items()}
    module = torch.nn.AdaptiveLogSoftmaxWithLoss(features, classes, cutoffs, dtype=dtype, **options)
    count = rows or 1
    x = torch.tensor(values(name, "normal", count * features, dtype), dtype=dtype).view(count, features) * 3
    target = torch.tensor(case.get("targets") or values(name, {"integersBelow": classes}, count, torch.int64))
    many = x
    if rows is None:
        x, target = x[0], target[0]
    x = x.clone().requires_grad_()
    output, loss = module(x, target)
    slopes = torch.arange(1, count + 1, dtype=dtype).view(output.shape)
    (loss + (output * slopes).sum()).backward()
    entries[name] = {
        "sizes": case["sizes"],
        "options": case["options"],
        "text": str(module),
        "state": {key: describe(value) for key, value in module.state_dict().items()},
        "input": describe(x),
        "target": describe(target),
        "output": describe(output),
        "loss": describe(loss),
        "gradients": {
            "input": describe(x.grad),
            **{key: describe(torch.zeros_like(p) if p.grad is None else p.grad) for key, p in module.named_parameters()},
        },
        "unused": [key for key, p in module.named_parameters() if p.grad is None],
        "logProb": describe(module.log_prob(many)),
        "predict": describe(module.predict(many)),
    }
write("adaptive", {}, entries)
