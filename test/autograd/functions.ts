// The functions of scripts/golden/autograd.py.
import { autograd, type Tensor, zeros } from '../../src/index.ts'

type Ctx = autograd.FunctionCtx

export class Exp extends autograd.Function {
  static forward(ctx: Ctx, x: Tensor): Tensor {
    const y = x.exp()
    ctx.saveForBackward(y)
    return y
  }
  static backward(ctx: Ctx, dy: Tensor): Tensor {
    const [y] = ctx.savedTensors
    return dy.mul(y!)
  }
}

/** With a number among its arguments, and the context set up apart. */
export class Power extends autograd.Function {
  static forward(x: Tensor, n: number, w: Tensor): Tensor {
    return x.pow(n).mul(w)
  }
  static setupContext(ctx: Ctx, [x, n, w]: [Tensor, number, Tensor], _output: Tensor): void {
    ctx.n = n
    ctx.saveForBackward(x, w)
  }
  static backward(ctx: Ctx, dy: Tensor): (Tensor | null)[] {
    const [x, w] = ctx.savedTensors
    const [wantsX, , wantsW] = ctx.needsInputGrad
    const dx = wantsX
      ? dy
          .mul(ctx.n)
          .mul(x!.pow(ctx.n - 1))
          .mul(w!)
      : null
    return [dx, null, wantsW ? dy.mul(x!.pow(ctx.n)) : null]
  }
}

export class Sorted extends autograd.Function {
  static forward(ctx: Ctx, x: Tensor): [Tensor, Tensor, Tensor] {
    const { values, indices } = x.sort()
    ctx.markNonDifferentiable(indices)
    ctx.setMaterializeGrads(false)
    ctx.saveForBackward(indices)
    return [values, x.mul(2), indices]
  }
  static backward(ctx: Ctx, dy: Tensor | null, dz: Tensor | null, dIndex: null): Tensor {
    if (dIndex !== null) throw new Error('a gradient of integers')
    const [indices] = ctx.savedTensors
    const dx = zeros(indices!.shape, { dtype: 'float64' })
    if (dy !== null) dx.scatter_(0, indices!, dy)
    return dz === null ? dx : dx.add(dz, { alpha: 2 })
  }
}

export class Doubled extends autograd.Function {
  static forward(ctx: Ctx, x: Tensor): Tensor {
    x.mul_(2)
    ctx.markDirty(x)
    return x
  }
  static backward(_: Ctx, dy: Tensor): Tensor {
    return dy.mul(2)
  }
}

export class Legendre extends autograd.Function {
  static forward(ctx: Ctx, x: Tensor): Tensor {
    ctx.saveForBackward(x)
    return x.pow(3).mul(5).sub(x.mul(3)).mul(0.5)
  }
  static backward = autograd.onceDifferentiable((ctx: Ctx, dy: Tensor) => {
    const [x] = ctx.savedTensors
    return dy.mul(1.5).mul(x!.square().mul(5).sub(1))
  })
}

export class Broken extends autograd.Function {
  static forward(_: Ctx, x: Tensor, y: Tensor): Tensor {
    return x.mul(y)
  }
  static backward(_: Ctx, dz: Tensor): Tensor[] {
    return [dz, dz.mul(Number.NaN)]
  }
}

export class Failing extends autograd.Function {
  static forward(_: Ctx, x: Tensor): Tensor {
    return x.clone()
  }
  static backward(): Tensor {
    throw new Error('Some error in backward')
  }
}
