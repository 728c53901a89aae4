import type { DatasetDetail } from '../../../api/answers.ts';

/** What each part of the page gets. */
export interface DatasetPartProps {
  readonly dataset: DatasetDetail;
  /** Of the API. */
  readonly path: string;
}
