/** Negative slope of the leaky ReLU in all StyleGANs. */
export const SLOPE = 0.2;
