import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ProjectDetail, ProjectPictures } from '../../../api/answers.ts';
import { projectPath, toLook, toProject } from '../../address.ts';
import type { PageProps } from '../../page-props.ts';
import { Empty } from '../../parts/empty.ts';
import { Problem } from '../../parts/problem.ts';
import { texts } from '../../texts.ts';
import { useAnswer } from '../../use-answer.ts';
import { LookControls } from './look-controls.ts';
import { picturesPath } from './look-paths.ts';
import { LookPictures } from './look-pictures.ts';
import { type LookQuery, readLookQuery, writeLookQuery } from './look-query.ts';
import { SeedBar } from './seed-bar.ts';
import { useDrawing } from './use-drawing.ts';
import { useVersions } from './use-versions.ts';

const t = texts.look;

/** What versions of a project see in pictures. The address says which; how they are drawn is the reader's for now. */
export function LookPage({ params, query }: PageProps): VNode {
  const id = params.id!;
  const asked = useMemo(() => readLookQuery(query), [query.toString()]);
  const project = useAnswer<ProjectDetail>(projectPath(id), { live: true });
  const pictures = useAnswer<ProjectPictures>(picturesPath(id, asked));
  const change = (next: LookQuery) => {
    location.hash = toLook(id) + writeLookQuery(next);
  };
  return html`
    <p><a href=${toProject(id)}>${project.answer?.title ?? t.project}</a></p>
    <h1>${t.title}</h1>
    <${Problem} of=${project.problem ?? pictures.problem} />
    ${project.answer !== undefined && html`<${Looking} id=${id} query=${asked} project=${project.answer} pictures=${pictures.answer} onChange=${change} />`}
  `;
}

interface LookingProps {
  readonly id: string;
  readonly query: LookQuery;
  readonly project: ProjectDetail;
  readonly pictures: ProjectPictures | undefined;
  readonly onChange: (query: LookQuery) => void;
}

function Looking({ id, query, project, pictures, onChange }: LookingProps): VNode {
  const versions = useVersions(id, project);
  const [drawing, setSettings] = useDrawing(project, versions, query);
  const noTasks = query.of === 'tasks' && pictures?.total === 0;
  return html`
    ${project.currentVersion === null && html`<p class="look-note" role="status">${t.noVersion}</p>`}
    <div class="look">
      <${LookControls} project=${project} versions=${versions} pictures=${pictures} query=${query} drawing=${drawing} onChange=${onChange} onSettings=${setSettings} />
      <section class="look-main" aria-label=${t.gallery}>
        <${SeedBar} query=${query} total=${pictures?.total} onChange=${onChange} />
        ${
          noTasks
            ? html`<${Empty} title=${t.noTasks} text=${t.noTasksHelp} action=${html`<button type="button" class="main" onClick=${() => onChange({ ...query, of: 'seeds', start: 0 })}>${t.showSeeds}</button>`} />`
            : html`<${LookPictures} id=${id} query=${query} pictures=${pictures} drawing=${drawing} onChange=${onChange} />`
        }
      </section>
    </div>
  `;
}
