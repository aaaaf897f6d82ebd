// Points by chance: what every other strategy is measured against.
import type { Point } from '../space.ts'
import type { Question, Strategy } from './strategy.ts'

export class RandomSearch implements Strategy {
  readonly name = 'random'

  suggest({ space, random }: Question): Point {
    return space.draw(random)
  }
}
