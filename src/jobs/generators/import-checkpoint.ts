import { isError } from '../../errors.ts';
import type { JsonObject } from '../../store/schema.ts';
import type { GeneratorsContext } from '../product/contexts.ts';
import type { JobContext } from '../queue/delivery.ts';
import { IMPORT_STEPS, importGenerator } from './import-generator.ts';
import { removeUpload } from './uploads.ts';

/**
 * Makes a generator of a checkpoint on this machine's disk; the job's result is the ImportReport. Repeated after a restart it finds what it had made.
 * @throws DatasetGanError importGenerator's, `cancelled`
 */
export async function importCheckpoint(
  product: GeneratorsContext,
  { input, signal, progress }: JobContext<'import'>,
): Promise<JsonObject> {
  const { engine, generators: library, folder, settings } = product;
  let begun = 0;
  try {
    const report = await importGenerator(input, {
      engine,
      library,
      generators: folder.generators,
      memoryLimit: settings.memoryLimit,
      signal,
      progress: (phase) => progress(begun++, IMPORT_STEPS, phase),
    });
    progress(IMPORT_STEPS, IMPORT_STEPS);
    return { ...report };
  } finally {
    // One that stops with the server is run again.
    if (!isError(signal.reason, 'shutting-down')) await removeUpload(folder.uploads, input.file);
  }
}
