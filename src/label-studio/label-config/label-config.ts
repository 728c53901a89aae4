/** The controls that draw masks, as the type of their regions. Preferred in this order. */
export const MASK_CONTROLS = ['brushlabels', 'polygonlabels', 'bitmasklabels'] as const;
export type MaskControl = (typeof MASK_CONTROLS)[number];

/** What a project's label config says about masks. Plain data: it can be sent to a worker thread. */
export interface LabelConfig {
  /** `name` of the Image tag the masks are drawn on (`to_name` of the regions). */
  readonly imageName: string;
  /** Key in `task.data` that holds the picture's address. */
  readonly imageKey: string;
  /** `name` of the control that our predictions are drawn with (`from_name`). */
  readonly controlName: string;
  /** Type of the regions we make. Annotations are read in any mask type, whatever this is. */
  readonly controlType: MaskControl;
  /**
   * Label texts by index, as they stand in results (a label's alias if it has one, else its value). [0] is the background: the config's own label of
   * that name, whatever its case, or the word 'Background' where it has none; then the other labels in config order. 2 … 255 entries.
   */
  readonly labels: readonly string[];
  /** Whether the config has a label named Background: then a pixel without a label is unknown; otherwise it is background. */
  readonly sparse: boolean;
  /** Every text that means a label, alias or value, and its index. */
  readonly labelTexts: readonly (readonly [text: string, index: number])[];
}
