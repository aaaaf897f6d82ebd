// Points by chance: what every other strategy is measured against.
import { atMost } from '../../tensor/index.ts'
import type { Point } from '../space.ts'
import type { Question, Strategy } from './strategy.ts'

export class RandomSearch implements Strategy {
  readonly name = 'random'

  constructor() {
    atMost('RandomSearch', 0, arguments.length)
  }

  suggest({ space, random }: Question): Point {
    return space.draw(random)
  }
}
