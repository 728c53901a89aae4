import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../../parts/problem.ts';
import { answerTo, type RequestError, shownError } from '../../request.ts';
import { texts } from '../../texts.ts';
import type { DatasetPartProps } from './dataset-part-props.ts';
import { isMade } from './possible-actions.ts';

const t = texts.dataset;

/** The contact sheet: the pairs that are delivered, or the first ones while it is made. */
export function DatasetPictures({ dataset, path }: DatasetPartProps): VNode {
  const made = isMade(dataset);
  if (dataset.bytes === 0) return html`<p>${t.noPairs}</p>`;
  return html`
    ${!made && html`<p class="muted">${t.firstPairs}</p>`}
    <${Sheet} key=${made} path=${`${path}/preview.png`} />
  `;
}

/** Asked for anew each time: the picture of an address changes when all pairs are made. */
function Sheet({ path }: { readonly path: string }): VNode {
  const [source, setSource] = useState<string | undefined>();
  const [problem, setProblem] = useState<RequestError | undefined>();
  useEffect(() => {
    const gone = new AbortController();
    let made: string | undefined;
    const load = async () => {
      try {
        const picture = await (await answerTo(path, { signal: gone.signal })).blob();
        if (gone.signal.aborted) return;
        made = URL.createObjectURL(picture);
        setSource(made);
      } catch (thrown) {
        if (!gone.signal.aborted) setProblem(shownError(thrown));
      }
    };
    void load();
    return () => {
      gone.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [path]);
  if (problem !== undefined) return html`<${Problem} of=${problem} />`;
  if (source === undefined) return html`<p class="loading" role="status">${texts.common.loading}</p>`;
  return html`<img class="dataset-sheet" src=${source} alt=${t.sheet} />`;
}
