/**
 * The `query` of Label Studio's task list, in the language of its Data Manager. Field names are those of its columns; values of
 * predictions_model_versions must be lists and match as substrings.
 */
export interface TaskQuery {
  readonly filters?: readonly TaskFilter[];
  /** Only these tasks. */
  readonly ids?: readonly number[] | undefined;
  /** A column, `-` before it for descending. */
  readonly order?: string;
}

export interface TaskFilter {
  readonly column: 'id' | 'total_annotations' | 'predictions_model_versions';
  readonly operator: 'greater' | 'equal' | 'contains' | 'not_contains';
  readonly type: 'Number' | 'List';
  readonly value: number | readonly string[];
}

/** Tasks with an annotation that is not a skip. */
export const annotated: TaskFilter = { column: 'total_annotations', operator: 'greater', type: 'Number', value: 0 };
export const notAnnotated: TaskFilter = { column: 'total_annotations', operator: 'equal', type: 'Number', value: 0 };
/** Tasks with a prediction of that version. */
export const predictedBy = (version: string): TaskFilter => {
  return { column: 'predictions_model_versions', operator: 'contains', type: 'List', value: [version] };
};
export const notPredictedBy = (version: string): TaskFilter => {
  return { column: 'predictions_model_versions', operator: 'not_contains', type: 'List', value: [version] };
};
export const idAfter = (id: number): TaskFilter => ({ column: 'id', operator: 'greater', type: 'Number', value: id });

export function encodeTaskQuery({ filters = [], ids, order }: TaskQuery): string {
  return JSON.stringify({
    ...(filters.length === 0
      ? {}
      : {
          filters: {
            conjunction: 'and',
            items: filters.map(({ column, ...rest }) => ({ filter: `filter:tasks:${column}`, ...rest })),
          },
        }),
    ...(ids === undefined ? {} : { selectedItems: { all: false, included: ids } }),
    ...(order === undefined ? {} : { ordering: [order.startsWith('-') ? `-tasks:${order.slice(1)}` : `tasks:${order}`] }),
  });
}
