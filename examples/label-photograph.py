"""Labels a photograph with a model file: python3 label-photograph.py MODEL.onnx PHOTOGRAPH MASK.png (onnxruntime, numpy, pillow)."""
import json
import sys
import numpy as np
import onnxruntime
from PIL import Image, ImageOps

model, photograph, mask = sys.argv[1:]
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
picture = np.asarray(ImageOps.exif_transpose(Image.open(photograph)).convert("RGB"))
(label_map,) = session.run(["label_map"], {"photograph": picture[None]})
Image.fromarray(label_map[0]).save(mask)
labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])
print({name: float(np.mean(label_map == label).round(4)) for label, name in enumerate(labels)})
