/** The controls that draw masks, as the type of their regions. Preferred in this order. */
export const MASK_CONTROLS = ['brushlabels', 'polygonlabels', 'bitmasklabels'] as const;
export type MaskControl = (typeof MASK_CONTROLS)[number];

/** A control that draws masks. */
export interface LabelControl {
  /** `from_name` of its regions. */
  readonly name: string;
  readonly type: MaskControl;
}

/** What a project's label config says about masks and keypoints. Plain data: it can be sent to a worker thread. */
export interface LabelConfig {
  /** `name` of the Image tag that masks and keypoints are drawn on (`to_name` of the regions). */
  readonly imageName: string;
  /** Key in `task.data` that holds the picture's address. */
  readonly imageKey: string;
  /** Names of what else is shown and annotated; regions on these are none of ours. */
  readonly otherObjects: readonly string[];
  /**
   * Label texts by index, as they stand in results (a label's alias if it has one, else its value). [0] is the background: the config's own label of
   * that name, whatever its case, or the word 'Background' where it has none; then the other labels of all mask controls in config order.
   * At most 255 entries; the background alone where no control draws masks.
   */
  readonly labels: readonly string[];
  /** By label: the control that our regions of it are drawn with. Annotations are read from all of them. Empty where none draws masks. */
  readonly controls: readonly LabelControl[];
  /** Whether the config has a label named Background: then a pixel without a label is unknown; otherwise it is background. */
  readonly sparse: boolean;
  /** Every text that means a label, alias or value, and its index. A text that is the alias of one label and the value of another means the first. */
  readonly labelTexts: readonly (readonly [text: string, index: number])[];
  /** Names of the RectangleLabels whose boxes are weak masks of these labels (findBoxControls). */
  readonly boxControls: readonly string[];
  /** Keypoints by index, as they stand in results; labels of all KeyPointLabels in config order. Empty where there are none. At most 254 entries. */
  readonly keypoints: readonly string[];
  /** By keypoint: `from_name` of its regions. */
  readonly keypointControls: readonly string[];
  /** Every text that means a keypoint, as in labelTexts. */
  readonly keypointTexts: readonly (readonly [text: string, index: number])[];
}
