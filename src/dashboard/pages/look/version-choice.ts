import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { VersionSummary } from '../../../api/answers.ts';
import { SelectField } from '../../parts/select-field.ts';
import { texts } from '../../texts.ts';
import { type LookQuery, TRUTH } from './look-query.ts';
import { nameOfVersion } from './version-name.ts';

const t = texts.look;

interface VersionChoiceProps {
  readonly query: LookQuery;
  readonly versions: readonly VersionSummary[];
  /** The version that is shown. */
  readonly shown: string;
  readonly hasTruth: boolean;
  readonly onChange: (query: LookQuery) => void;
}

/** Which version looks, and what is shown beside it. */
export function VersionChoice({ query, versions, shown, hasTruth, onChange }: VersionChoiceProps): VNode {
  const offered = versions.map((version) => ({ value: version.id, text: nameOfVersion(version) }));
  // A link may name one that is too old to be offered.
  const options = offered.some(({ value }) => value === shown) ? offered : [...offered, { value: shown, text: shown }];
  const others = options.filter(({ value }) => value !== shown);
  const beside = [
    { value: '', text: t.nothingBeside },
    ...(hasTruth || query.beside === TRUTH ? [{ value: TRUTH, text: t.truth }] : []),
    ...others,
  ];
  return html`
    <${SelectField} label=${t.version} value=${shown} options=${options} onValue=${(version: string) => onChange({ ...query, version })} />
    <${SelectField} label=${t.beside} value=${query.beside ?? ''} options=${beside}
      onValue=${(chosen: string) => onChange({ ...query, beside: chosen || undefined })} />
  `;
}
