// Autoencoders: networks that learn to say again what they are told, through a bottleneck of 32 numbers. Written twice,
// layer by layer and with nn.Sequential, trained on digits that worker threads load, saved, loaded, and drawn.
//   npx dtrain examples/autoencoder.ts
//   npx dtrain examples/autoencoder.ts --epochs 5 --output sigmoid
//   npx dtrain --nproc 2 examples/autoencoder.ts --steps 100 --every 1     100 updates of each, and the loss of each
// It prints what PyTorch prints from this seed: scripts/golden/examples/autoencoder.py is the same program in Python.
import { parseArgs } from 'node:util'
import { cat, cuda, DataLoader, load, manualSeed, nn, noGrad, optim, stack, type Tensor } from 'dtrain'
import { DataParallel, save } from 'dtrain/distributed'
import { datasets, transforms, utils } from 'dtrain/vision'
import { plot } from 'dtrain/viz'
import { draw, drawing, output, print } from './outputs.ts'

const { values: args } = parseArgs({
  options: {
    epochs: { type: 'string', default: '20' },
    output: { type: 'string', default: 'tanh' }, // or sigmoid: what ends the first version
    steps: { type: 'string', default: 'Infinity' }, // stop after that many updates
    every: { type: 'string', default: 'Infinity' }, // print the loss of every so many updates
    double: { type: 'boolean', default: false }, // in float64, where rounding is too small to tell runs apart
  },
})
const [epochs, steps, every] = [Number(args.epochs), Number(args.steps), Number(args.every)]

const inputs = 28 * 28
const dim = 32 // an embedding 24.5 times smaller than the picture

// Version 1: what can be learnt stands in fields, in the order of its first random weights, and forward calls one after
// the other. ReLU has nothing to learn, so it is a method of tensors there.
class LayerByLayer extends nn.Module {
  fc1 = new nn.Linear(inputs, 128) // the encoder
  fc2 = new nn.Linear(128, 64)
  fc3 = new nn.Linear(64, dim)
  fc6 = new nn.Linear(dim, 64) // and the decoder, the same in reverse
  fc7 = new nn.Linear(64, 128)
  fc8 = new nn.Linear(128, inputs)

  forward(x: Tensor): Tensor {
    x = this.fc1(x).relu()
    x = this.fc2(x).relu()
    x = this.fc3(x).relu()

    x = this.fc6(x).relu()
    x = this.fc7(x).relu()
    x = this.fc8(x)
    return args.output === 'sigmoid' ? x.sigmoid() : x.tanh() // pixels lie between 0 and 1, tanh between -1 and 1
  }
}

// Version 2: sequences in place of the lines of forward, and encoder and decoder can be used alone.
class EncoderDecoder extends nn.Module {
  encoder = new nn.Sequential(
    new nn.Linear(inputs, 128),
    new nn.ReLU({ inplace: true }),
    new nn.Linear(128, 64),
    new nn.ReLU({ inplace: true }),
    new nn.Linear(64, dim),
  )
  decoder = new nn.Sequential(
    new nn.Linear(dim, 64),
    new nn.ReLU({ inplace: true }),
    new nn.Linear(64, 128),
    new nn.ReLU({ inplace: true }),
    new nn.Linear(128, inputs),
    new nn.Tanh(),
  )

  forward(x: Tensor): Tensor {
    return this.decoder(this.encoder(x))
  }
}

/** Pictures out of rows of numbers, from -1 … 1 to 0 … 1. */
const toImg = (x: Tensor) => x.add(1).mul(0.5).clamp(0, { max: 1 }).view(x.size(0), 1, 28, 28)

// Workers are threads that read and transform the next batches while this one trains, here the same four in all epochs.
// Batches in pinned memory go to a GPU without a copy in between.
const device = cuda.isAvailable() ? 'cuda' : 'cpu'
const dtype = args.double ? 'float64' : 'float32'
const workers = { numWorkers: 4, persistentWorkers: true, pinMemory: cuda.isAvailable() }
const transform = new transforms.Compose([new transforms.ToTensor()])
const trainDataset = new datasets.MNISTSubset({ train: true, transform })
const testDataset = new datasets.MNISTSubset({ train: false, transform })
const trainLoader = new DataLoader(trainDataset, { batchSize: 128, shuffle: true, ...workers })
const testLoader = new DataLoader(testDataset, { batchSize: 32, shuffle: false, ...workers })

manualSeed(42)
const layerByLayer = new LayerByLayer()
print(layerByLayer.fc3.weight.shape)
const encoderDecoder = new EncoderDecoder()
print((encoderDecoder.encoder[4] as nn.Linear).weight.shape) // the same layer
print(encoderDecoder.encoder)

// Batches of workers arrive when they are ready, hence `for await`; noGrad is for what does not wait.
for (const [i, net] of [layerByLayer, encoderDecoder].entries()) {
  print('version', i + 1)
  const model = new DataParallel(net.to(device, dtype))
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 })
  const criterion = new nn.MSELoss({ reduction: 'mean' }) // a mean, so that batches of all sizes can be compared
  const history = { losses: [] as number[], valLosses: [] as number[] }
  let step = 0
  for (let epoch = 1; epoch <= epochs; epoch++) {
    model.train()
    let loss = 0
    for await (const [images] of trainLoader) {
      const batch = images.view(-1, inputs).to(device, { dtype, nonBlocking: true }) // (N, 1, 28, 28) as (N, 784)
      const trainLoss = criterion(model(batch), batch) // the target is the input
      optimizer.zeroGrad()
      trainLoss.backward()
      optimizer.step()
      loss += trainLoss.item()
      if (++step % every === 0) print('step', step, 'loss', trainLoss.item())
      if (step >= steps) break
    }
    if (step >= steps) break
    model.eval()
    let valLoss = 0
    let pictures: Tensor | undefined
    for await (const [images] of testLoader) {
      const batch = images.view(-1, inputs).to(device, { dtype, nonBlocking: true })
      const outputs = noGrad(() => model(batch))
      valLoss += criterion(outputs, batch).item()
      pictures = toImg(outputs)
    }
    const [trained, tested] = [loss / trainLoader.length, valLoss / testLoader.length]
    print(`epoch: ${epoch}/${epochs}\t train_loss: ${trained.toFixed(6)}\t val_loss: ${tested.toFixed(6)}`)
    history.losses.push(trained)
    history.valLosses.push(tested)
    if (epoch % 10 === 0 && pictures) {
      print('pictures', pictures.shape, 'mean', pictures.mean().item())
      if (drawing) utils.saveImage(pictures, output(`autoencoder-${i + 1}-epoch-${epoch}.png`))
    }
  }
  save({ model: net.stateDict(), optimizer: optimizer.stateDict(), ...history }, output(`autoencoder-${i + 1}.pth`))
}

// What is in the files is all it takes: the curves of the losses, and ten digits above what a network makes of them.
for (const [i, net] of [new LayerByLayer(), new EncoderDecoder()].entries()) {
  const { model, losses, valLosses } = load(output(`autoencoder-${i + 1}.pth`), 'cpu')
  const curves = { 'training loss': losses, 'validation loss': valLosses }
  const axes = { x: 'epoch', y: 'loss', width: 340, height: 240 }
  const scales = [true, false].map(logY => plot.line(curves, { title: logY ? 'logarithmic' : 'linear', logY, ...axes }))
  await draw(`autoencoder-${i + 1}-losses.svg`, plot.subplots(scales))

  net.to(dtype).eval().loadStateDict(model)
  const inputImages = stack(Array.from({ length: 10 }, (_, k) => testDataset.get(k)[0] as Tensor)) // (10, 1, 28, 28)
  const outputs = noGrad(() => net(inputImages.view(10, inputs).to(dtype))).view(10, 1, 28, 28)
  const both = cat([inputImages, outputs.float().clamp(0, { max: 1 })])
  await draw(`autoencoder-${i + 1}-digits.svg`, plot.images(both, { columns: 10, rows: ['input', 'output'] }))
}
