import { hasMasks } from '../../export/has-masks.ts';
import { hexColour } from '../../export/palette.ts';
import { deleteUploads, type FileDraft, uploadFiles } from '../../label-studio/client/uploads.ts';
import type { Connection } from '../../label-studio/connection/connection.ts';
import { AnswerError } from '../../label-studio/connection/failure.ts';
import { getDataset } from '../../store/datasets.ts';
import { updateOrder } from '../../store/orders.ts';
import { requireProject } from '../../store/projects.ts';
import { json } from '../../store/rows.ts';
import type { Dataset, Order } from '../../store/schema.ts';
import { requireVersion } from '../../store/versions.ts';
import { datasetLabels } from '../datasets/record/dataset-labels.ts';
import { partsOf } from '../datasets/record/dataset-parts.ts';
import { datasetReport } from '../datasets/report/dataset-report.ts';
import { drawingColours, firstPreview } from '../datasets/report/preview.ts';
import { type ShownResults, shownOf, uploadsOf } from '../datasets/report/shown-results.ts';
import type { OrdersContext } from '../product/contexts.ts';
import { recordOf } from '../product/version-record.ts';

/** Uploads preview and report when there is something new to see, and takes away what was there before. Gives what is shown now. */
export async function showResults(
  product: OrdersContext,
  connection: Connection,
  order: Order,
  dataset: Dataset,
  signal: AbortSignal,
): Promise<ShownResults | null> {
  const { db } = product.store;
  const shown = shownOf(order);
  const parts = await partsOf(db, dataset.id);
  const whole = parts.every(({ choice }) => choice !== null);
  const stage = whole ? `whole ${parts.length}` : 'first';
  // A first look is taken once; while an extension is made, the task shows what there was before.
  if (shown !== null && (!whole || shown.stage === stage)) return shown;

  const { ls_id: source } = await requireProject(db, dataset.project_key);
  const record = recordOf(await requireVersion(db, parts[0]!.plan.version));
  const labels = datasetLabels(record);
  const names = record.keypoints?.names ?? [];
  const drawn = await drawingColours(product, dataset, record);
  const { colours, points } = drawn;
  const { preview, html } = whole
    ? await datasetReport(product, dataset, signal)
    : { preview: await firstPreview(product, dataset, drawn), html: undefined };
  if (preview === undefined && html === undefined) return null;
  const name = dataset.id.slice(0, 8);
  const files: FileDraft[] = [
    ...(preview === undefined ? [] : [{ name: `preview-${name}.png`, bytes: preview, type: 'image/png' }]),
    ...(html === undefined ? [] : [{ name: `report-${name}.html`, bytes: Buffer.from(html), type: 'text/html' }]),
  ];
  const uploads = await uploadFiles(connection, source, files, signal).catch((error: unknown) => {
    // A source project whose tasks have several data keys takes no files either; asking again and again would not change it.
    if (!(error instanceof AnswerError && error.answered === 400)) throw error;
    product.log.warn({ err: error, dataset: dataset.id }, 'uploading preview and report failed');
    return [];
  });
  const uploaded = (start: string) => {
    const found = uploads.find((upload) => upload.name.startsWith(start));
    return found === undefined ? undefined : { id: found.id, path: found.path };
  };
  const [previewUpload, reportUpload] = [uploaded('preview-'), uploaded('report-')];
  const now: ShownResults = {
    stage,
    ...(previewUpload === undefined ? {} : { preview: previewUpload }),
    ...(reportUpload === undefined ? {} : { report: reportUpload }),
    colours: [
      ...(hasMasks({ labels }) ? labels.map((label, index) => [label, hexColour(colours[index]!)] as const) : []),
      ...names.map((name, index) => [name, hexColour(points[index]!)] as const),
    ],
  };
  await updateOrder(db, order, { shown: json(now) });
  if ((await getDataset(db, dataset.id)) === undefined) {
    // Deleted meanwhile, with what was uploaded for it until then.
    await deleteUploads(
      connection,
      source,
      uploads.map(({ id }) => id),
      signal,
    );
    await updateOrder(db, order, { shown: null });
    return null;
  }
  // Its project says where the report is.
  if (whole) await product.queues.enqueue('describe', { projectKey: dataset.project_key, datasetId: dataset.id });
  const old = uploadsOf(order).map(({ id }) => id);
  await deleteUploads(connection, source, old, signal);
  return now;
}
