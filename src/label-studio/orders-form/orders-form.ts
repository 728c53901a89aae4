import { escapeXml } from '../../escape-text.ts';
import { type OrderStatus, orderStatusHtml, orderSummary } from './order-status.ts';
import { IGNORE_CHOICES, RULE_CHOICES } from './rule-choices.ts';

/** A format of files that can be ordered. */
export interface OrderableFormat {
  readonly name: string;
  readonly title: string;
}

/**
 * The label config of the orders project: each task is one order, its annotation the filled-in form. What there is to choose from and the state of the
 * order come from `task.data`, so that neither changes the config. Everything but source and count may stay as it is.
 *
 * HyperText, not Text, shows the state, because only there a link can be followed; so whatever goes into it is escaped (orderStatusHtml).
 * @param formats the first is chosen beforehand: the same as if nobody had chosen
 */
export function ordersLabelConfig(formats: readonly OrderableFormat[]): string {
  const chosen = (index: number) => index === 0;
  const files = formats.map(({ name, title }, index) => choiceTag(name, title, chosen(index)));
  const rules = Object.entries(RULE_CHOICES).map(([name, { text }]) => choiceTag(name, text));
  const ignore = Object.entries(IGNORE_CHOICES).map(([name, { text }], index) => choiceTag(name, text, chosen(index)));
  return `<View>
  <Header value="Order a labelled dataset"/>
  <HyperText name="status" value="$status" valueType="text" inline="true" clickableLinks="true" selectionEnabled="false"/>
  <Header value="Source project" size="5"/>
  <Choices name="source" toName="status" value="$projects" choice="single-radio" required="true" requiredMessage="Choose the source project."/>
  <Header value="Pairs of image and mask" size="5"/>
  <Number name="count" toName="status" min="1" max="10000000" defaultValue="100"/>
  <Header value="Drop the most uncertain candidates, in per cent (0 to 50)" size="5"/>
  <Number name="filter" toName="status" min="0" max="50" defaultValue="10"/>
  <Header value="Title (3 to 50 characters, optional)" size="5"/>
  <TextArea name="title" toName="status" rows="1" maxSubmissions="1" editable="true"/>
  <Header value="Destination" size="5"/>
  <Choices name="destination" toName="status" value="$destinations" choice="single" layout="select"/>
  <Header value="Files" size="5"/>
  <Choices name="formats" toName="status" choice="multiple" layout="inline">${files.join('')}</Choices>
  <Header value="Model version" size="5"/>
  <Choices name="version" toName="status" value="$versions" choice="single" layout="select"/>
  <Header value="Truncation psi, 0 to 2: smaller values give more typical pictures (optional)" size="5"/>
  <Number name="psi" toName="status" min="0" max="2" step="0.01"/>
  <Header value="First seed: only for the pictures of certain seeds (empty: pictures that no dataset of the project has yet)" size="5"/>
  <Number name="seedStart" toName="status" min="0" max="4294967295" step="1"/>
  <Header value="Drop a pair where (optional)" size="5"/>
  <Choices name="rules" toName="status" choice="multiple">${rules.join('')}</Choices>
  <Header value="Labels and keypoints that every pair must contain (optional)" size="5"/>
  <Choices name="present" toName="status" value="$labels" choice="multiple" layout="select"/>
  <Header value="Uncertain pixels of a mask" size="5"/>
  <Choices name="ignore" toName="status" choice="single-radio">${ignore.join('')}</Choices>
</View>`;
}

const choiceTag = (name: string, text: string, chosen = false) =>
  `<Choice value="${escapeXml(text)}" alias="${escapeXml(name)}"${chosen ? ' selected="true"' : ''}/>`;

export interface OrderableProject {
  readonly id: number;
  readonly title: string;
}

export interface OrderableVersion {
  readonly id: string;
  readonly project: OrderableProject;
  readonly annotated: number;
  /** On pictures left out; null: not known. */
  readonly mIoU: number | null;
}

/** What there is to choose from. */
export interface OrderChoices {
  readonly projects: readonly (OrderableProject & {
    /** It has a version that can label; without, an order of it is refused. */
    readonly trained: boolean;
  })[];
  /** Newest first. */
  readonly versions: readonly OrderableVersion[];
  /** Projects that take datasets. */
  readonly destinations: readonly OrderableProject[];
  /** Texts of labels and keypoints that a pair of any of the projects can show. */
  readonly labels: readonly string[];
}

const named = ({ id, title }: OrderableProject) => `${title} (project ${id})`;

/**
 * `data` of an order task: its state (as HTML for the form, as plain text for Label Studio's list of tasks) and what there is to choose from. An only
 * project is chosen beforehand. The id stands in the visible text too, since titles need not be unique; as the alias it is what the result carries.
 */
export function orderTaskData({ projects, versions, destinations, labels }: OrderChoices, status: OrderStatus) {
  const measured = ({ annotated, mIoU }: OrderableVersion) =>
    [`${annotated} annotated`, ...(mIoU === null ? [] : [`mIoU ${mIoU.toFixed(2)}`])].join(', ');
  return {
    order: orderSummary(status),
    status: orderStatusHtml(status),
    projects: projects.map((project) => ({
      value: project.trained ? named(project) : `${named(project)}: no version yet, annotate one of its pictures first`,
      alias: String(project.id),
      selected: projects.length === 1,
    })),
    versions: [
      { value: 'The newest', alias: 'newest', selected: true },
      ...versions.map((version) => ({
        value: `${version.id} of ${named(version.project)}: ${measured(version)}`,
        alias: version.id,
        selected: false,
      })),
    ],
    destinations: [
      { value: 'A new project', alias: 'new', selected: true },
      { value: 'Only files', alias: 'files', selected: false },
      ...destinations.map((project) => ({ value: named(project), alias: String(project.id), selected: false })),
    ],
    labels: labels.map((label) => ({ value: label, alias: label, selected: false })),
  };
}

/** Keys of `data` that only the form needs; in the list of tasks `status` would show its HTML. */
export const FORM_DATA = ['status', 'projects', 'versions', 'destinations', 'labels'] as const;
