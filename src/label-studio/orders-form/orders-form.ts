import { type OrderStatus, orderStatusHtml, orderSummary } from './order-status.ts';

/**
 * The label config of the orders project: each task is one order, its annotation the filled-in form. The projects to choose from and the state of the
 * order come from `task.data`, so that neither changes the config.
 *
 * HyperText, not Text, shows the state, because only there a link can be followed; so whatever goes into it is escaped (orderStatusHtml).
 */
export const ORDERS_LABEL_CONFIG = `<View>
  <Header value="Order a labelled dataset"/>
  <HyperText name="status" value="$status" valueType="text" inline="true" clickableLinks="true" selectionEnabled="false"/>
  <Header value="Source project" size="5"/>
  <Choices name="source" toName="status" value="$projects" choice="single-radio" required="true" requiredMessage="Choose the source project."/>
  <Header value="Pairs of image and mask" size="5"/>
  <Number name="count" toName="status" min="1" max="1000000" defaultValue="100"/>
  <Header value="Leave out the most uncertain, in per cent (0 to 50)" size="5"/>
  <Number name="filter" toName="status" min="0" max="50" defaultValue="10"/>
  <Header value="Title of the new project (3 to 50 letters; may be left empty)" size="5"/>
  <TextArea name="title" toName="status" rows="1" maxSubmissions="1" editable="true"/>
</View>`;

export interface OrderableProject {
  readonly id: number;
  readonly title: string;
}

/**
 * `data` of an order task: its state (as HTML for the form, as plain text for Label Studio's list of tasks) and the projects to choose from. An only
 * project is chosen beforehand. The id stands in the visible text too, since titles need not be unique; as the alias it is what the result carries.
 */
export function orderTaskData(projects: readonly OrderableProject[], status: OrderStatus) {
  const choices = projects.map(({ id, title }) => ({
    value: `${title} (project ${id})`,
    alias: String(id),
    selected: projects.length === 1,
  }));
  return { order: orderSummary(status), status: orderStatusHtml(status), projects: choices };
}
