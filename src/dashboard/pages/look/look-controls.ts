import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ProjectDetail, ProjectPictures, VersionSummary } from '../../../api/answers.ts';
import { number } from '../../format.ts';
import { Field, type FieldIds } from '../../parts/field.ts';
import { texts } from '../../texts.ts';
import type { Drawing } from './drawing.ts';
import { LabelLegend } from './label-legend.ts';
import { LayerChoice } from './layer-choice.ts';
import { type LookQuery, psiOf } from './look-query.ts';
import type { LookSettings } from './look-settings.ts';
import { VersionChoice } from './version-choice.ts';

const t = texts.look;

interface LookControlsProps {
  readonly project: ProjectDetail;
  readonly versions: readonly VersionSummary[];
  readonly pictures: ProjectPictures | undefined;
  readonly query: LookQuery;
  readonly drawing: Drawing;
  readonly onChange: (query: LookQuery) => void;
  readonly onSettings: (settings: LookSettings) => void;
}

/** Everything that can be chosen about the view. */
export function LookControls({ project, versions, pictures, query, drawing, onChange, onSettings }: LookControlsProps): VNode {
  const [shown] = drawing.sides;
  const { layer, opacity, hidden, keypoints } = drawing;
  const settings: LookSettings = { layer, opacity, hidden, keypoints };
  const isWide = useMemo(() => matchMedia('(min-width: 48rem)').matches, []);
  const ownPsi = pictures?.pictures[0]?.psi;
  return html`
    <details class="look-controls panel" open=${isWide}>
      <summary>${t.controls}</summary>
      ${
        shown !== undefined &&
        html`
        <${VersionChoice} query=${query} versions=${versions} shown=${shown}
          hasTruth=${pictures?.pictures.some(({ hasTruth }) => hasTruth) ?? false} onChange=${onChange} />
        <${LayerChoice} settings=${settings} hasKeypoints=${project.keypoints.length > 0} onChange=${onSettings} />
        ${
          layer !== 'nothing' &&
          project.labels.length > 1 &&
          html`<${LabelLegend} labels=${drawing.labels} hidden=${hidden}
          onHidden=${(next: ReadonlySet<string>) => onSettings({ ...settings, hidden: next })} />`
        }
      `
      }
      <${PsiField} own=${ownPsi} psi=${query.psi} onPsi=${(psi: number | undefined) => onChange({ ...query, psi })} />
    </details>
  `;
}

interface PsiFieldProps {
  /** Of the pictures that are shown. */
  readonly own: number | undefined;
  readonly psi: number | undefined;
  readonly onPsi: (psi: number | undefined) => void;
}

/** Truncation: taken over when it is left, so that no picture is made for half a number. */
function PsiField({ own, psi, onPsi }: PsiFieldProps): VNode {
  const [typed, setTyped] = useState('');
  useEffect(() => setTyped(psi === undefined ? '' : String(psi)), [psi]);
  const next = psiOf(typed);
  const error = typed.trim() !== '' && next === undefined ? t.noPsi(number(0), number(2)) : undefined;
  return html`
    <${Field} label=${t.psi} help=${t.psiHelp} error=${error}>
      ${(ids: FieldIds) => html`<input ...${ids} inputmode="decimal" autocomplete="off" size="6" value=${typed}
        placeholder=${own === undefined ? undefined : number(own, 2)}
        onInput=${({ currentTarget }: { currentTarget: HTMLInputElement }) => setTyped(currentTarget.value)}
        onChange=${() => error === undefined && onPsi(next)} />`}
    <//>
  `;
}
