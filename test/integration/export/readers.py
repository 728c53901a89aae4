"""Reads an export back with the format's own reader: readers.py FORMAT FOLDER OUT.

Writes OUT/NAME.bin, the mask as bytes of label numbers, for every pair, and prints JSON: {name: {split, width, height, image}}, where image is the
sha256 of the picture's RGB bytes. Where the reader needs PyTorch (torchvision, ultralytics) its rules are followed with the same libraries under it.
"""

import hashlib
import json
import os
import runpy
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import numpy as np
from PIL import Image

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"


def sha(image):
    return hashlib.sha256(np.asarray(image.convert("RGB")).tobytes()).hexdigest()


def pictures(folder):
    """PIL."""
    for split in ("train", "val"):
        with open(f"{folder}/{split}.txt") as names:
            for name in names.read().split():
                yield name, split, Image.open(f"{folder}/images/{name}.png"), np.array(Image.open(f"{folder}/masks/{name}.png"))


def example(folder):
    """examples/train-segmenter.py, up to its tensors: where PyTorch would make them, NumPy's arrays are left as they are."""
    torch, nn, data = ModuleType("torch"), ModuleType("torch.nn"), ModuleType("torch.utils.data")
    torch.from_numpy = lambda array: array
    torch.nn, data.DataLoader, data.Dataset = nn, None, object
    sys.modules.update({"torch": torch, "torch.nn": nn, "torch.utils": ModuleType("torch.utils"), "torch.utils.data": data})
    pairs = runpy.run_path(f"{Path(__file__).parents[3]}/examples/train-segmenter.py")["Pairs"]
    for split in ("train", "val"):
        of_split = pairs(Path(folder), split)
        for index in range(len(of_split)):
            image, mask = of_split[index]
            assert image.dtype == np.float32 and mask.dtype == np.int64 and abs(image).max() <= 1
            rgb = np.rint((image.transpose(1, 2, 0) + 1) * 127.5).astype(np.uint8)
            yield of_split.names[index], split, Image.fromarray(rgb), mask.astype(np.uint8)


def voc(folder):
    """torchvision.datasets.VOCSegmentation and VOCDetection: where they look, and how they open what they find."""
    root = f"{folder}/VOCdevkit/VOC2012"
    for split in ("train", "val"):
        with open(f"{root}/ImageSets/Segmentation/{split}.txt") as file:
            names = [line.strip() for line in file.readlines()]
        for name in names:
            image = Image.open(f"{root}/JPEGImages/{name}.jpg").convert("RGB")
            mask = Image.open(f"{root}/SegmentationClass/{name}.png")
            assert mask.mode == "P" and Image.open(f"{root}/SegmentationObject/{name}.png").mode == "P"
            tree = ET.parse(f"{root}/Annotations/{name}.xml").getroot()
            size = tree.find("size")
            assert (int(size.find("width").text), int(size.find("height").text)) == image.size == mask.size
            for thing in tree.iter("object"):
                box = [int(thing.find("bndbox").find(key).text) for key in ("xmin", "ymin", "xmax", "ymax")]
                assert 1 <= box[0] <= box[2] <= image.width and 1 <= box[1] <= box[3] <= image.height
            yield name, split, image, np.array(mask)


def coco(folder):
    """pycocotools, as torchvision.datasets.CocoDetection uses it."""
    from pycocotools.coco import COCO

    for split in ("train", "val"):
        data = COCO(f"{folder}/annotations/instances_{split}.json")
        for key, info in data.imgs.items():
            image = Image.open(f"{folder}/{split}/{info['file_name']}")
            mask = np.zeros((info["height"], info["width"]), np.uint8)
            for annotation in data.loadAnns(data.getAnnIds(imgIds=[key])):
                piece = data.annToMask(annotation)
                assert piece.sum() == annotation["area"]
                mask[piece == 1] = annotation["category_id"]
            yield info["file_name"].rsplit(".", 1)[0], split, image, mask


def panoptic(folder):
    """panopticapi: rgb2id, and the checks of its evaluation."""
    for split in ("train", "val"):
        with open(f"{folder}/annotations/panoptic_{split}.json") as file:
            data = json.load(file)
        images = {image["id"]: image for image in data["images"]}
        things = {category["id"]: category["isthing"] for category in data["categories"]}
        for annotation in data["annotations"]:
            rgb = np.array(Image.open(f"{folder}/annotations/panoptic_{split}/{annotation['file_name']}"), dtype=np.uint32)
            ids = rgb[:, :, 0] + 256 * rgb[:, :, 1] + 256 * 256 * rgb[:, :, 2]
            segments = {segment["id"]: segment for segment in annotation["segments_info"]}
            found = {int(key): int(count) for key, count in zip(*np.unique(ids, return_counts=True)) if key != 0}
            assert found == {key: segment["area"] for key, segment in segments.items()}
            mask = np.full(ids.shape, 255, np.uint8)
            for key, segment in segments.items():
                mask[ids == key] = segment["category_id"] if things[segment["category_id"]] else 0
            info = images[annotation["image_id"]]
            yield info["file_name"].rsplit(".", 1)[0], split, Image.open(f"{folder}/{split}/{info['file_name']}"), mask


def yolo(folder):
    """ultralytics: data.yaml, verify_image_label and polygon2mask (OpenCV's fillPoly on whole pixels)."""
    import cv2
    import yaml

    with open(f"{folder}/data.yaml") as file:
        data = yaml.safe_load(file)
    assert sorted(data["names"]) == list(range(len(data["names"])))
    for split in ("train", "val"):
        root = os.path.join(folder, data["path"], data[split])
        for file in sorted(os.listdir(root)):
            image = Image.open(f"{root}/{file}")
            width, height = image.size
            label = f"{root}/{file}".replace("/images/", "/labels/").rsplit(".", 1)[0] + ".txt"
            with open(label) as text:
                rows = [line.split() for line in text.read().strip().splitlines() if len(line)]
            assert all(len(row) > 6 and len(row) % 2 == 1 for row in rows)
            mask = np.zeros((height, width), np.uint8)
            pieces = []
            for row in rows:
                points = np.array(row[1:], dtype=np.float32).reshape(-1, 2)
                assert points.min() >= 0 and points.max() <= 1
                piece = np.zeros((height, width), np.uint8)
                cv2.fillPoly(piece, [np.asarray(points * (width, height), dtype=np.int32)], color=1)
                pieces.append((piece.sum(), int(row[0]) + 1, piece))
            # polygons2masks_overlap: the smaller ones lie over the larger ones.
            for _, number, piece in sorted(pieces, key=lambda one: -int(one[0])):
                mask[piece == 1] = number
            yield file.rsplit(".", 1)[0], split, image, mask


def webdataset(folder):
    import webdataset

    for split in ("train", "val"):
        shards = sorted(f"{folder}/{name}" for name in os.listdir(folder) if name.startswith(split) and name.endswith(".tar"))
        for sample in webdataset.WebDataset(shards, shardshuffle=False).decode("pil"):
            assert sample["json"]["name"] == sample["__key__"]
            mask = np.array(sample["mask.png"])
            # decode("pil") makes every picture RGB.
            assert (mask == mask[:, :, :1]).all()
            yield sample["__key__"], split, sample["png"], mask[:, :, 0]


def hugging_face(folder, cache):
    """datasets.load_dataset, which reads the card's front matter first."""
    from datasets import load_dataset

    data = load_dataset(folder, cache_dir=cache)
    for split, rows in data.items():
        for row in rows:
            image, mask = (row["png"], row["mask.png"]) if "png" in row else (row["image"], row["mask"])
            name = row["__key__"] if "__key__" in row else row["name"]
            yield os.path.basename(name), "val" if split == "validation" else split, image, np.array(mask)


def text(folder):
    """Every text file of every export in the folder, by the rules of its kind."""
    found = {}
    for name in sorted(os.listdir(folder)):
        if os.path.exists(f"{folder}/{name}/README.md"):
            found[name] = {**card(f"{folder}/{name}"), "labels": sorted(own_labels(f"{folder}/{name}"))}
    print(json.dumps(found))


def card(root):
    """PyYAML and markdown-it: front matter, heading, table of labels, and what kinds of Markdown there are."""
    import yaml
    from markdown_it import MarkdownIt

    with open(f"{root}/README.md", newline="") as file:
        _, front, body = file.read().split("---\n", 2)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    texts = lambda token: "".join(child.content for child in token.children)
    inline = {before.type + before.tag: [] for before in tokens}
    labels, heading = [], ""
    for before, token in zip(tokens, tokens[1:]):
        if token.type == "inline":
            inline[before.type + before.tag].append(texts(token))
            heading = texts(token) if before.type == "heading_open" else heading
            if before.type == "td_open" and heading == "Labels":
                labels.append(texts(token))
    kinds = {child.type for token in tokens for child in [token, *(token.children or [])]}
    return {
        "pretty_name": yaml.safe_load(front)["pretty_name"],
        "title": inline["heading_openh1"],
        "card_labels": labels[1::3],
        "kinds": sorted(kind for kind in kinds if not kind.endswith("_close")),
    }


def own_labels(root):
    """The labels in every file of the format that names them; every other text file is read too."""
    import html5lib
    import yaml
    from urllib.parse import unquote

    labels = set()
    for folder, _, names in os.walk(root):
        for name in names:
            path = f"{folder}/{name}"
            if name.endswith((".png", ".jpg", ".tar", ".parquet", ".md")) or name == "SHA256SUMS":
                continue
            with open(path, encoding="utf8") as file:
                content = file.read()
            if name == "data.yaml":
                labels.update(yaml.safe_load(content)["names"].values())
            elif name == "labelmap.txt":
                # Datumaro's parse_label_map.
                lines = [line.strip() for line in content.split("\n")]
                labels.update(unquote(line.split(":")[0]) for line in lines if line and line[0] != "#")
            elif name == "config.xml":
                labels.update(label.get("value") for label in ET.fromstring(content).iter("Label"))
            elif name.endswith(".xml"):
                labels.update(unquote(thing.find("name").text) for thing in ET.fromstring(content).iter("object"))
            elif name.endswith(".jsonl"):
                for line in content.splitlines():
                    json.loads(line)
            elif name.endswith(".html"):
                tree = html5lib.parse(content, namespaceHTMLElements=False)
                assert {tag.tag for tag in tree.iter() if isinstance(tag.tag, str)}.isdisjoint({"script", "iframe", "object"})
                assert all(image.get("src").startswith("data:") for image in tree.iter("img"))
                assert not any(key.startswith("on") for tag in tree.iter() for key in tag.keys())
            elif name.endswith(".json"):
                data = json.loads(content)
                rows = data if isinstance(data, dict) else {}
                labels.update(row["name"] for row in rows.get("labels", []) + rows.get("categories", []))
            else:
                assert name in ("train.txt", "val.txt", "trainval.txt") or f"{folder}/".find("/labels/") >= 0, path
    return labels


def croissant(folder):
    """mlcroissant, on every export in the folder."""
    import mlcroissant

    found = {}
    for name in sorted(os.listdir(folder)):
        if os.path.exists(f"{folder}/{name}/croissant.json"):
            metadata = mlcroissant.Dataset(jsonld=f"{folder}/{name}/croissant.json").metadata
            found[name] = {"name": metadata.name, "errors": sorted(metadata.ctx.issues.errors)}
    print(json.dumps(found))


READERS = {
    "example": example,
    "index-png": pictures,
    "palette-png": pictures,
    "voc": voc,
    "coco": coco,
    "coco-panoptic": panoptic,
    "yolo-seg": yolo,
    "webdataset": webdataset,
}


def main(name, folder, out):
    if name in ("croissant", "text"):
        globals()[name](folder)
        return
    pairs = READERS[name](folder) if name in READERS else hugging_face(folder, f"{out}/cache")
    found = {}
    for key, split, image, mask in pairs:
        assert mask.dtype == np.uint8 and mask.ndim == 2 and key not in found
        mask.tofile(f"{out}/{key}.bin")
        found[key] = {"split": split, "width": mask.shape[1], "height": mask.shape[0], "image": sha(image)}
    print(json.dumps(found))


main(*sys.argv[1:])
