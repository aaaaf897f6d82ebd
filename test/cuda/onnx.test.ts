// A model on a GPU is exported as it is on the CPU: the files are equal.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { manualSeed, nn, randn, type Tensor } from '../../src/index.ts'
import { exportOnnx } from '../../src/onnx/index.ts'

class Moving extends nn.Module {
  fc = new nn.Linear(4, 3)

  forward(x: Tensor): Tensor {
    return this.fc(x.to(this.fc.weight.device)).cpu().add(x.size(0))
  }
}

test('the device leaves no trace in the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dtrain-onnx-'))
  manualSeed(1)
  const model = new Moving()
  const files = ['cpu', 'cuda'].map(device => {
    const path = join(folder, `${device}.onnx`)
    exportOnnx(model.to(device as 'cpu'), randn(2, 4), path)
    return readFileSync(path)
  })
  rmSync(folder, { recursive: true })
  expect(files[0]!.equals(files[1]!)).toBe(true)
})
