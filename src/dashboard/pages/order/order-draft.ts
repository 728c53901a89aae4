import type { DatasetDetail } from '../../../api/answers.ts';

/** A row of the rules: a label, or a keypoint, which has neither area nor pieces. */
export interface RuleRow {
  readonly text: string;
  readonly keypoint: boolean;
  readonly shown: boolean;
  /** Per cent of the picture. */
  readonly least: string;
  readonly most: string;
  readonly pieces: string;
}

/** An order as it stands in the form: what was typed, right or wrong. */
export interface OrderDraft {
  readonly count: string;
  readonly title: string;
  readonly version: string;
  readonly destination: 'new' | 'files' | 'named';
  /** Number of the named project. */
  readonly named: string;
  readonly push: DatasetDetail['push'];
  /** '': as the label config of the destination asks for. */
  readonly regions: string;
  /** undefined: nothing was chosen, the server's default holds. */
  readonly formats: readonly string[] | undefined;
  /** Per cent. */
  readonly filter: string;
  readonly psi: string;
  readonly cutoff: string;
  readonly classes: string;
  readonly seedStart: string;
  readonly ignoreAbove: string;
  readonly areaFactor: string;
  /** For each label without a number of its own. */
  readonly pieces: string;
  readonly nearest: string;
  readonly rows: readonly RuleRow[];
}

export function emptyDraft(labels: readonly string[], keypoints: readonly string[]): OrderDraft {
  const row = (keypoint: boolean) => (text: string) => ({ text, keypoint, shown: false, least: '', most: '', pieces: '' });
  return {
    count: '1000',
    title: '',
    version: '',
    destination: 'new',
    named: '',
    push: 'predictions',
    regions: '',
    formats: undefined,
    filter: '',
    psi: '',
    cutoff: '',
    classes: '',
    seedStart: '',
    ignoreAbove: '',
    areaFactor: '',
    pieces: '',
    nearest: '',
    rows: [...labels.map(row(false)), ...keypoints.map(row(true))],
  };
}
