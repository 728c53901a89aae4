/** A feature map that the generator gives beside its image: [1, channels, resolution, resolution]. */
export interface Tap {
  readonly name: string;
  readonly channels: number;
  readonly resolution: number;
}

/** The taps of one resolution: rows `offset` … `offset + channels - 1` of the feature vector. */
export interface Level {
  readonly resolution: number;
  readonly channels: number;
  readonly offset: number;
  readonly taps: readonly Tap[];
}

/**
 * Where a label pixel is in the generated picture: the picture, resampled to side × side, of which rows top … top + height - 1 and
 * columns left … left + width - 1 are labelled (a car of 512 × 512 is labelled on its middle 384 rows).
 */
export interface LabelGeometry {
  readonly side: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface FeatureLayout {
  readonly geometry: LabelGeometry;
  /** Ascending resolution; within a level the taps in the generator's order. */
  readonly levels: readonly Level[];
  /** D, the length of a pixel's feature vector. */
  readonly dims: number;
}

export function featureLayout(taps: readonly Tap[], geometry: LabelGeometry): FeatureLayout {
  const resolutions = [...new Set(taps.map((tap) => tap.resolution))].sort((a, b) => a - b);
  let dims = 0;
  const levels = resolutions.map((resolution) => {
    const own = taps.filter((tap) => tap.resolution === resolution);
    const channels = own.reduce((sum, tap) => sum + tap.channels, 0);
    const offset = dims;
    dims += channels;
    return { resolution, channels, offset, taps: own };
  });
  return { geometry, levels, dims };
}
