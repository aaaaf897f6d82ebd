# Points of Sobol's sequence as torch.quasirandom.SobolEngine draws them, times 2**30, which makes them integers.
import json
from pathlib import Path

import torch

numbers = [*range(16), 100, 1023, 54321]
engine = torch.quasirandom.SobolEngine(64)
lines = []
for number in numbers:
    engine.reset()
    engine.fast_forward(number)
    words = (engine.draw(1, dtype=torch.float64)[0] * 2**30).long().tolist()
    lines.append(f'"{number}":{json.dumps(words, separators=(",", ":"))}')

out = Path(__file__).parents[2] / "test/golden/sobol.json"
text = ",\n".join(lines)
out.write_text(f'{{"torch":"{torch.__version__.split("+")[0]}","entries":{{\n{text}\n}}}}\n')
