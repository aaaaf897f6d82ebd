// `nn.utils`: what works on the parameters and the inputs of modules.
export * as rnn from './rnn.ts'
