import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { GeneratorDetail } from '../../../api/answers.ts';
import { projectId, toProject } from '../../address.ts';
import { number } from '../../format.ts';
import { texts } from '../../texts.ts';

const t = texts.generator;
const g = texts.generators;

/** What a generator is, what its licence allows, and who uses it. */
export function GeneratorFacts({ generator }: { readonly generator: GeneratorDetail }): VNode {
  const { id, family, resolution, labelSize, dims, classes, licence, commercialUse, source, note, projects } = generator;
  const commercial = commercialUse === null ? t.commercialUnknown : commercialUse ? t.commercialYes : t.commercialNo;
  return html`
    <section class="panel">
      <h2>${t.about}</h2>
      <dl class="facts">
        <dt>${g.network}</dt><dd>${g.families[family] ?? family}, ${number(resolution)} px</dd>
        <dt>${t.masks}</dt><dd>${t.wide(number(labelSize))}</dd>
        <dt>${g.features}</dt><dd>${number(dims)}</dd>
        ${classes > 0 && html`<dt>${t.classesName}</dt><dd>${number(classes)}</dd>`}
        <dt>${g.licence}</dt><dd>${licence}. ${commercial}</dd>
        <dt>${t.source}</dt><dd>${source}</dd>
        <dt>${t.id}</dt><dd><code>${id}</code></dd>
        <dt>${t.projects}</dt>
        <dd>
          ${
            projects.length === 0
              ? t.noProjects
              : html`<ul>${projects.map((project) => html`<li key=${projectId(project)}><a href=${toProject(projectId(project))}>${project.title}</a></li>`)}</ul>`
          }
        </dd>
      </dl>
      <p class="generator-note">${note}</p>
    </section>
  `;
}
