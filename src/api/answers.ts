import { z } from 'zod';
import type { agreement } from './answers/agreement.ts';
import { dataset } from './answers/dataset.ts';
import { errorBody } from './answers/error.ts';
import { generator, generatorDetail } from './answers/generator.ts';
import { findings, health } from './answers/health.ts';
import { importReport } from './answers/import-report.ts';
import { type JOB_KINDS, job, live } from './answers/job.ts';
import type { keypointCurve } from './answers/keypoint-curve.ts';
import type { learningCurve } from './answers/learning-curve.ts';
import { orderEstimate } from './answers/order-estimate.ts';
import { ordersProject } from './answers/orders-project.ts';
import { projectDetail, projectSummary } from './answers/project.ts';
import { projectFigures } from './answers/project-figures.ts';
import { projectPictures } from './answers/project-pictures.ts';
import { seedPrediction, seedTruth } from './answers/seed.ts';
import { session } from './answers/session.ts';
import type { slips } from './answers/slips.ts';
import { version, versionPage } from './answers/version.ts';

/**
 * What the REST API answers: the only description, from which come the types, /openapi.json and what a client may rely on.
 * `answers/` has the schemas, by subject.
 */

/** Schemas of answers by their name in /openapi.json. */
export const ANSWERS = {
  Error: errorBody,
  Job: job,
  Jobs: z.array(job),
  Live: live,
  Session: session,
  Generator: generator,
  GeneratorDetail: generatorDetail,
  Generators: z.array(generator),
  ImportReport: importReport,
  Health: health,
  Findings: findings,
  Project: projectSummary,
  Projects: z.array(projectSummary),
  Version: version,
  VersionPage: versionPage,
  ProjectDetail: projectDetail,
  ProjectFigures: projectFigures,
  Dataset: dataset,
  Datasets: z.array(dataset),
  OrderEstimate: orderEstimate,
  OrdersProject: ordersProject,
  ProjectPictures: projectPictures,
  SeedPrediction: seedPrediction,
  SeedTruth: seedTruth,
} as const;

export type AnswerName = keyof typeof ANSWERS;
export type Answer<N extends AnswerName> = z.infer<(typeof ANSWERS)[N]>;

export type Job = z.infer<typeof job>;
export type Live = z.infer<typeof live>;
export type Session = z.infer<typeof session>;
export type JobKind = (typeof JOB_KINDS)[number];
export type JobState = Job['state'];
export type GeneratorSummary = z.infer<typeof generator>;
export type GeneratorDetail = z.infer<typeof generatorDetail>;
export type Health = z.infer<typeof health>;
export type Findings = z.infer<typeof findings>;
export type ImportReport = z.infer<typeof importReport>;
export type ProjectSummary = z.infer<typeof projectSummary>;
export type ProjectDetail = z.infer<typeof projectDetail>;
export type ProjectFigures = z.infer<typeof projectFigures>;
export type VersionSummary = z.infer<typeof version>;
export type VersionPage = z.infer<typeof versionPage>;
export type KeypointCurve = z.infer<typeof keypointCurve>;
export type LearningCurve = z.infer<typeof learningCurve>;
export type Slips = z.infer<typeof slips>;
export type ProjectAgreement = z.infer<typeof agreement>;
export type ProjectPictures = z.infer<typeof projectPictures>;
export type SeedPrediction = z.infer<typeof seedPrediction>;
export type SeedTruth = z.infer<typeof seedTruth>;
export type DatasetDetail = z.infer<typeof dataset>;
export type OrderEstimate = z.infer<typeof orderEstimate>;
export type OrdersProject = z.infer<typeof ordersProject>;
