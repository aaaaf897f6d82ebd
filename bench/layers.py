"""PyTorch's figures for bench/layers.ts: OMP_NUM_THREADS=1 python bench/layers.py"""

import torch
import twin
from torch import nn
from torch.nn.functional import scaled_dot_product_attention


def sequence(module):
    return module, (100, 64, 256), lambda x: module(x)[0]


def attention(module):
    return module, (64, 128, 256), lambda x: module(x, x, x, need_weights=False)[0]


layers = {
    "Linear 256": lambda: (nn.Linear(256, 1024), (64, 128, 256)),
    "Conv2d 64": lambda: (nn.Conv2d(64, 64, 3, padding=1), (32, 64, 16, 16)),
    "MaxPool2d 2": lambda: (nn.MaxPool2d(2), (32, 64, 32, 32)),
    "BatchNorm2d 64": lambda: (nn.BatchNorm2d(64), (32, 64, 32, 32)),
    "GroupNorm 64": lambda: (nn.GroupNorm(8, 64), (32, 64, 32, 32)),
    "InstanceNorm2d 64": lambda: (nn.InstanceNorm2d(64), (32, 64, 32, 32)),
    "LayerNorm 256": lambda: (nn.LayerNorm(256), (64, 128, 256)),
    "RMSNorm 256": lambda: (nn.RMSNorm(256), (64, 128, 256)),
    "GELU 1024": lambda: (nn.GELU(), (64, 128, 1024)),
    "SiLU 1024": lambda: (nn.SiLU(), (64, 128, 1024)),
    "Softmax 1024": lambda: (nn.Softmax(dim=-1), (1024, 1024)),
    "Dropout 1024": lambda: (nn.Dropout(0.1), (64, 128, 1024)),
    "Attention 128": lambda: (
        nn.Identity(), (64, 8, 128, 32), lambda x: scaled_dot_product_attention(x, x, x)),
    "Attention 1024": lambda: (
        nn.Identity(), (2, 8, 1024, 64), lambda x: scaled_dot_product_attention(x, x, x, is_causal=True)),
    "MultiheadAttention 256": lambda: attention(nn.MultiheadAttention(256, 8, batch_first=True)),
    "TransformerEncoderLayer 256": lambda: (
        nn.TransformerEncoderLayer(256, 8, dim_feedforward=1024, dropout=0, batch_first=True), (64, 128, 256)),
    "RNN 256": lambda: sequence(nn.RNN(256, 256)),
    "GRU 256": lambda: sequence(nn.GRU(256, 256)),
    "LSTM 256": lambda: sequence(nn.LSTM(256, 256)),
}


def passes(module, sizes, of=None):
    x = torch.randn(sizes, requires_grad=True)
    of = of or module

    def call():
        of(x).sum().backward()
        module.zero_grad()
        x.grad = None

    return call


twin.run({name: lambda make=make: passes(*make()) for name, make in layers.items()})
