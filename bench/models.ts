// The models that the benchmarks of training steps share: those of the golden files, and a wide MLP.
import { nn } from 'dtrain'

export const lenet = () =>
  new nn.Sequential(
    new nn.Conv2d(1, 6, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(6, 16, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(400, 120),
    new nn.ReLU(),
    new nn.Linear(120, 84),
    new nn.ReLU(),
    new nn.Linear(84, 10),
  )

export const mlp = () =>
  new nn.Sequential(
    new nn.Flatten(),
    new nn.Linear(784, 128),
    new nn.ReLU(),
    new nn.Linear(128, 64),
    new nn.ReLU(),
    new nn.Linear(64, 10),
  )

export const wide = () =>
  new nn.Sequential(
    new nn.Flatten(),
    new nn.Linear(784, 4096),
    new nn.ReLU(),
    new nn.Linear(4096, 4096),
    new nn.ReLU(),
    new nn.Linear(4096, 10),
  )
