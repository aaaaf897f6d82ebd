// A network with one hidden layer learns to read digits: a trial of the search in tune.ts, and by itself a training
// with the settings given below.
//   npx dtrain examples/tune-mnist.ts
import { DataLoader, manualSeed, metrics, nn, noGrad, optim } from 'dtrain'
import { DataParallel, getRank } from 'dtrain/distributed'
import { trial } from 'dtrain/tune'
import { datasets, transforms } from 'dtrain/vision'

const { parameters, report, finish } = trial({ lr: 0.1, width: 32, momentum: 0.5 })
const { lr, width, momentum } = parameters

manualSeed(0)
const transform = new transforms.ToTensor()
const training = new DataLoader(new datasets.MNISTSubset({ transform }), { batchSize: 64, shuffle: true })
const testing = new DataLoader(new datasets.MNISTSubset({ train: false, transform }), { batchSize: 500 })

const network = new nn.Sequential(new nn.Flatten(), new nn.Linear(784, width), new nn.ReLU(), new nn.Linear(width, 10))
const model = new DataParallel(network)
const criterion = new nn.CrossEntropyLoss()
const optimizer = new optim.SGD(model.parameters(), { lr, momentum })

/** Share of the test digits that are read correctly, in per cent. */
function validate(): number {
  const accuracy = new metrics.Accuracy()
  noGrad(() => {
    for (const [images, labels] of testing) accuracy.update(model(images), labels)
  })
  return 100 * accuracy.value
}

let accuracy = 0
for (let epoch = 1; epoch <= 4; epoch++) {
  for (const [images, labels] of training) {
    optimizer.zeroGrad()
    criterion(model(images), labels).backward()
    optimizer.step()
  }
  accuracy = validate()
  if (getRank() === 0) console.log(`epoch ${epoch}: test accuracy ${accuracy.toFixed(2)} %`)
  if (report(epoch, accuracy)) break // others were better after as many epochs
}
finish(accuracy)
