import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { HEALTH } from '../../address.ts';
import { texts } from '../../texts.ts';

const t = texts.start.connect;

const PARAMETERS = '{"seed_tasks": 16, "orders": true}';
const CONFIG = `<View>
  <Image name="image" value="$image"/>
  <BrushLabels name="parts" toName="image">
    <Label value="Hair"/><Label value="Face"/>
  </BrushLabels>
</View>`;

/** How a project of Label Studio is connected to this server. */
export function ConnectHelp(): VNode {
  return html`
    <ol>
      <li>${t.project}<pre tabindex="0"><code>${CONFIG}</code></pre></li>
      <li>${t.settings}
        <dl class="start-form">
          <dt>${t.url}</dt><dd><code>${location.origin}</code></dd>
          <dt>${t.parameters}</dt><dd><code>${PARAMETERS}</code></dd>
        </dl>
      </li>
      <li>${t.wait}</li>
    </ol>
    <p class="muted">${t.unsure} <a href=${HEALTH}>${texts.common.health}</a></p>
  `;
}
