import type { Migration } from 'kysely/migration';
import { tables } from './0001-tables.ts';
import { datasetParts } from './0002-dataset-parts.ts';
import { datasetOptions } from './0004-dataset-options.ts';
import { projectRests } from './0005-project-rests.ts';
import { orderAnswers } from './0008-order-answers.ts';
import { projectBackends } from './0009-project-backends.ts';
import { jobFurthest } from './0010-job-furthest.ts';
import { jobPhase } from './0011-job-phase.ts';
import { predictionAreas } from './0012-prediction-areas.ts';
import { workers } from './0013-workers.ts';
import { photographs } from './0014-photographs.ts';

/** In the order of their names. A migration that was released is never changed; add another. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-tables': tables,
  '0002-dataset-parts': datasetParts,
  '0004-dataset-options': datasetOptions,
  '0005-project-rests': projectRests,
  '0008-order-answers': orderAnswers,
  '0009-project-backends': projectBackends,
  '0010-job-furthest': jobFurthest,
  '0011-job-phase': jobPhase,
  '0012-prediction-areas': predictionAreas,
  '0013-workers': workers,
  '0014-photographs': photographs,
};
