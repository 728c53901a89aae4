"""Reads the keypoints of an export back with the format's own reader: keypoint-readers.py FORMAT FOLDER CACHE.

Prints JSON: {"names": [...], "points": {picture: [[x, y, visibility] or null, ...] or null}, ...}. x and y are in pixels from the corner of the picture.
"""

import ast
import contextlib
import io
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"


def triple(x, y, visibility):
    return None if visibility == 0 else [float(x), float(y), int(visibility)]


def coco(folder, _):
    """pycocotools: the annotations, and the AP of them as detections, as they are and 20 pixels beside."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    points, precision = {}, {"same": [], "beside": []}
    for split in ("train", "val"):
        data = COCO(f"{folder}/annotations/person_keypoints_{split}.json")
        (category,) = data.loadCats(data.getCatIds())
        for key, info in data.imgs.items():
            (annotation,) = data.loadAnns(data.getAnnIds(imgIds=[key]))
            values = np.array(annotation["keypoints"], dtype=float).reshape(-1, 3)
            assert (values[:, 2] > 0).sum() == annotation["num_keypoints"]
            assert len(values) == len(category["keypoints"])
            x, y, width, height = annotation["bbox"]
            assert 0 <= x and 0 <= y and 0 < width <= info["width"] - x and 0 < height <= info["height"] - y
            if annotation["segmentation"]:
                assert data.annToMask(annotation).sum() == annotation["area"]
            points[info["file_name"].rsplit(".", 1)[0]] = [triple(px + 0.5, py + 0.5, v) for px, py, v in values]
        for name, shift in (("same", 0), ("beside", 20)):
            found = [
                {
                    "image_id": annotation["image_id"],
                    "category_id": annotation["category_id"],
                    "keypoints": [value + shift if place % 3 < 2 else value for place, value in enumerate(annotation["keypoints"])],
                    "score": 1.0,
                }
                for annotation in data.anns.values()
            ]
            evaluation = COCOeval(data, data.loadRes(found), "keypoints")
            evaluation.params.kpt_oks_sigmas = np.full(len(category["keypoints"]), 0.05)
            evaluation.evaluate()
            evaluation.accumulate()
            evaluation.summarize()
            precision[name].append(float(evaluation.stats[0]))
    return {"names": category["keypoints"], "skeleton": category["skeleton"], "points": points, "precision": precision}


def label_parser():
    """ultralytics' verify_image_label, taken out of its file: the rest of the package needs PyTorch."""
    from PIL import Image, ImageOps

    source = (Path(find_spec("ultralytics").origin).parent / "data/utils.py").read_text()
    wanted = {"verify_image_label", "check_image", "exif_size"}
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name in wanted]
    formats = [node for node in ast.parse(source).body if isinstance(node, ast.Assign) and "FORMATS" in ast.unparse(node.targets[0])]
    scope = {"os": os, "np": np, "Image": Image, "ImageOps": ImageOps, "Path": Path}
    module = ast.Module([*ast.parse("from __future__ import annotations").body, *formats, *functions], [])
    exec(compile(module, "ultralytics/data/utils.py", "exec"), scope)
    return scope["verify_image_label"]


def yolo(folder, _):
    import yaml
    from PIL import Image

    verify = label_parser()
    with open(f"{folder}/data.yaml") as file:
        data = yaml.safe_load(file)
    count, dimensions = data["kpt_shape"]
    assert len(data["kpt_names"][0]) == count and len(data["flip_idx"]) == count
    points = {}
    for split in ("train", "val"):
        root = os.path.join(folder, data["path"], data[split])
        for picture in sorted(os.listdir(root)):
            path = f"{root}/{picture}"
            label = path.replace("/images/", "/labels/").rsplit(".", 1)[0] + ".txt"
            read = verify((path, label, "", True, len(data["names"]), count, dimensions, False))
            _, boxes, shape, _, keypoints, missing, found, empty, corrupt, message = read
            assert (missing, found, empty, corrupt, message) == (0, 1, 0, 0, ""), read
            assert boxes.shape == (1, 5) and keypoints.shape == (1, count, 3) and (boxes[0, 3:] > 0).all()
            width, height = Image.open(path).size
            points[picture.rsplit(".", 1)[0]] = [triple(x * width, y * height, v) for x, y, v in keypoints[0]]
    return {"names": data["kpt_names"][0], "flipped": data["flip_idx"], "points": points}


def deeplabcut(folder, _):
    """pandas, as deeplabcut.convertcsv2h5 reads the table."""
    import pandas

    points = {}
    for split in ("train", "val"):
        table = f"{folder}/labeled-data/{split}/CollectedData_datasetgan.csv"
        if not os.path.exists(table):
            continue
        with open(table) as file:
            head = [next(file) for _ in range(4)]
        assert "individuals" not in head[1] and head[-1].split(",")[0] == "labeled-data"
        data = pandas.read_csv(table, index_col=[0, 1, 2], header=[0, 1, 2])
        assert list(data.columns.names) == ["scorer", "bodyparts", "coords"]
        names = list(dict.fromkeys(data.columns.get_level_values("bodyparts")))
        for path, row in data.iterrows():
            assert os.path.exists(f"{folder}/{'/'.join(path)}")
            places = [row["datasetgan"][name] for name in names]
            points[path[2].rsplit(".", 1)[0]] = [
                None if np.isnan(place["x"]) and np.isnan(place["y"]) else [place["x"] + 0.5, place["y"] + 0.5, 2] for place in places
            ]
    return {"names": names, "points": points}


def hugging_face(folder, cache):
    """datasets.load_dataset."""
    from datasets import load_dataset

    names, points = [], {}
    for rows in load_dataset(folder, cache_dir=cache).values():
        for row in rows:
            cells = row["json"]["keypoints"] if "json" in row else row["keypoints"]
            names = [cell["name"] for cell in cells]
            points[os.path.basename(row["__key__"] if "__key__" in row else row["name"])] = [
                triple(cell["x"], cell["y"], cell["visibility"]) for cell in cells
            ]
    return {"names": names, "points": points}


READERS = {"coco-keypoints": coco, "yolo-pose": yolo, "deeplabcut": deeplabcut}

with contextlib.redirect_stdout(io.StringIO()):
    result = READERS.get(sys.argv[1], hugging_face)(*sys.argv[2:])
print(json.dumps(result))
