"""Train a small segmenter on a dataset's files (format index-png). Needs torch, numpy and pillow.

    python3 examples/train-segmenter.py FOLDER [EPOCHS]
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Pairs(Dataset):
    """(image 3 x H x W in -1 ... 1, label H x W; 255 is to be ignored) of a split."""

    def __init__(self, folder, split):
        self.folder, self.names = folder, (folder / f"{split}.txt").read_text().split()

    def __len__(self):
        return len(self.names)

    def __getitem__(self, index):
        name = self.names[index]
        image = np.asarray(Image.open(self.folder / f"images/{name}.png").convert("RGB"), np.float32) / 127.5 - 1
        mask = np.asarray(Image.open(self.folder / f"masks/{name}.png"), np.int64)
        return torch.from_numpy(image.transpose(2, 0, 1)), torch.from_numpy(mask)


def block(channels_in, channels_out, dilation):
    return [nn.Conv2d(channels_in, channels_out, 3, padding=dilation, dilation=dilation), nn.BatchNorm2d(channels_out), nn.ReLU()]


def main(folder, epochs):
    labels = [label["name"] for label in json.loads((folder / "labels.json").read_text(encoding="utf-8"))["labels"]]
    net = nn.Sequential(*block(3, 32, 1), *block(32, 32, 2), *block(32, 32, 4), *block(32, 32, 8), nn.Conv2d(32, len(labels), 1))
    optimizer = torch.optim.Adam(net.parameters(), 3e-3)
    for epoch in range(epochs):
        for images, masks in DataLoader(Pairs(folder, "train"), batch_size=4, shuffle=True):
            loss = nn.functional.cross_entropy(net.train()(images), masks, ignore_index=255)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch + 1}: loss {loss.item():.3f}", flush=True)
    confusion = torch.zeros(len(labels), len(labels))
    with torch.no_grad():
        for image, mask in Pairs(folder, "val"):
            known = mask != 255
            cells = mask[known] * len(labels) + net.eval()(image[None]).argmax(1)[0][known]
            confusion += torch.bincount(cells, minlength=len(labels) ** 2).reshape(len(labels), -1)
    union = confusion.sum(0) + confusion.sum(1) - confusion.diag()
    for label, iou in zip(labels, (confusion.diag() / union).tolist()):
        print(f"IoU of {label}: {iou:.3f}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 10)
