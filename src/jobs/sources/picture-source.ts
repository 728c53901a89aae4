import type { TrainedImage, TrainingRecord } from '../../interpreter/versions/version.ts';
import type { AnnotationSummary } from '../../interpreter/versions/version-id.ts';
import type { MarkedKeypoints, PredictedKeypoint } from '../../keypoints/keypoint.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import type { LabelBox } from '../../label-studio/regions/boxes-of-regions.ts';
import type { PredictTask } from '../../label-studio/requests/predict-request.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import type { RgbPicture } from '../../masks/rgb-picture.ts';
import type { Version } from '../../store/schema.ts';
import type { AnnotatedSize } from '../engine-tasks/fit-annotation.ts';
import type { PromptedRegion } from '../engine-tasks/prompted-region.ts';
import type { Picture } from '../product/picture.ts';
import type { RecordedPicture } from '../product/version-record.ts';
import type { PredictOptions } from './predict-image.ts';

/** A task as Label Studio's API gives it. */
export interface SeenTask {
  readonly id: number;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly meta?: unknown;
}

/** Of tasks of Label Studio. */
export interface SeenPictures<P = Picture> {
  /** By task; a task that shows no picture of the source is missing. */
  readonly pictures: ReadonlyMap<number, P>;
  /** By task: in one line, why its picture cannot be read. */
  readonly problems: ReadonlyMap<number, string>;
}

/** What a version sees in a picture. */
export interface SourcePrediction {
  readonly labelMap: LabelMap;
  readonly keypoints: readonly PredictedKeypoint[];
  /** Of the picture that Label Studio shows. */
  readonly width: number;
  readonly height: number;
  readonly score: number;
  readonly js: number;
  readonly areas: readonly number[];
  /** Interleaved RGB of a generated picture. */
  readonly rgb?: Uint8Array;
}

/** An annotated picture, its label map as it is trained on. */
export interface TrainingImage<P = Picture> {
  readonly image: P;
  readonly labelMap: LabelMap;
  readonly boxes: readonly LabelBox[];
  readonly keypoints: MarkedKeypoints | null;
  readonly annotation: AnnotationSummary;
}

/** What a training learns from. */
export interface TrainingOrder<P = Picture> {
  /** Newest annotation first. */
  readonly images: readonly TrainingImage<P>[];
  readonly labels: readonly string[];
  readonly keypoints: readonly string[];
  readonly signal: AbortSignal;
  /** Hears of TrainProgress. */
  readonly onProgress: (value: unknown) => void;
}

/** A version that can be trained. */
export interface PlannedVersion {
  readonly id: string;
  /** @throws DatasetGanError trainHeads's */
  train(notes: readonly string[]): Promise<TrainingRecord<RecordedPicture>>;
}

/** A picture that a version learnt from, with the label map that was kept. */
export type KeptImage = Pick<TrainingImage<RecordedPicture>, 'image' | 'labelMap' | 'boxes' | 'keypoints'>;

export interface ClickedTask<P = Picture> {
  readonly picture: P;
  readonly versionFile: string | null;
  readonly config: LabelConfig;
  /** `params.context` as Label Studio sent it. */
  readonly context: unknown;
}

/** Candidates for the next annotation: by task, with what the version said of them. */
export interface NextTasks<P = Picture> {
  readonly candidates: readonly P[];
  readonly uncertainty: readonly number[];
  /** That the version learnt from. */
  readonly annotated: readonly Pick<TrainedImage<RecordedPicture>, 'image'>[];
  readonly count: number;
}

/**
 * Where the pictures of a project come from, and what looks at them: a generator, which makes them, or a backbone, which looks at the user's own. All that
 * is done with a project is done through it. `P` is what names one of its pictures; a source is only ever given its own.
 */
export interface PictureSource<P = Picture> {
  /** Id of what looks at the pictures: the generator, or the backbone. */
  readonly id: string;
  /** What of a task says which picture it shows. */
  readonly taskFields: readonly ('data' | 'meta')[];
  /** @throws DatasetGanError the client's errors, `cancelled` */
  picturesOf(tasks: readonly SeenTask[], signal: AbortSignal): Promise<SeenPictures<P>>;
  /**
   * The picture of a task that somebody asks about, who need not be Label Studio; undefined where it shows none of ours. `known`: the task is one of ours,
   * and shows it.
   * @throws DatasetGanError as picturesOf
   */
  pictureAsked(task: PredictTask, signal: AbortSignal): Promise<{ readonly picture: P; readonly known: boolean } | undefined>;
  /**
   * Those of the tasks that show one of its pictures, as far as that can be told without a look at the pictures. They are known from then on.
   */
  claim(tasks: readonly SeenTask[]): Promise<readonly SeenTask[]>;
  /** Pictures of the tasks that are known. */
  knownPictures(): Promise<ReadonlyMap<number, P>>;
  /** Whether its versions see the picture: a project may have tasks of a generator that it had before. */
  isOwn(picture: P): boolean;
  sizeOf(picture: P): AnnotatedSize;
  /** One text for each picture. */
  keyOf(picture: P): string;
  pixels(picture: P, signal: AbortSignal): Promise<RgbPicture>;
  /** @throws DatasetGanError `version-lost`, `cancelled` */
  predict(version: string, picture: P, options: PredictOptions): Promise<SourcePrediction>;
  /** @throws DatasetGanError `cancelled`, and what learning the features without labels throws */
  plan(order: TrainingOrder<P>): Promise<PlannedVersion>;
  /** Whether it made the version: a project may have had another source before. */
  made(version: Pick<Version, 'id' | 'record'>): boolean;
  /** Leave-images-out figures; null where there are too few images. */
  validate(version: Pick<Version, 'id' | 'record'>, images: readonly KeptImage[], signal: AbortSignal): Promise<object | null>;
  /** @throws DatasetGanError `bad-annotation` with the reason where there is no region */
  prompt(clicked: ClickedTask<P>, signal: AbortSignal): Promise<PromptedRegion>;
  /** Which to annotate next, as indices of the candidates, the best first. */
  chooseNext(tasks: NextTasks<P>, signal: AbortSignal): Promise<number[]>;
}
