/** Negative slope of the leaky ReLU in all StyleGANs, as the float32 that ONNX stores. */
export const SLOPE = Math.fround(0.2);
