import { backupCommand } from './backup-command.ts';
import { datasetCommand } from './dataset-command.ts';
import { demoCommand } from './demo-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { exportCommand } from './export-command.ts';
import { generatorsCommand } from './generators-command.ts';
import { importCommand } from './import-command.ts';
import { jobCommand } from './job-command.ts';
import { seedCommand, synthesizeCommand, trainCommand } from './project-commands.ts';
import { restoreCommand } from './restore-command.ts';
import { sampleCommand } from './sample-command.ts';
import { serveCommand } from './serve-command.ts';
import { workerCommand } from './worker-command.ts';

/** Gives the exit code. */
export type Command = (args: readonly string[]) => Promise<number>;

export const commands: Readonly<Record<string, Command>> = {
  serve: serveCommand,
  worker: workerCommand,
  demo: demoCommand,
  seed: seedCommand,
  train: trainCommand,
  synthesize: synthesizeCommand,
  dataset: datasetCommand,
  job: jobCommand,
  export: exportCommand,
  import: importCommand,
  generators: generatorsCommand,
  sample: sampleCommand,
  backup: backupCommand,
  restore: restoreCommand,
  doctor: doctorCommand,
  help: async () => {
    process.stdout.write(HELP);
    return 0;
  },
};

const HELP = `datasetgan: labelled image datasets from almost no labelling, as a Label Studio ML backend

  serve [--host H] [--port P] [--no-work]  run the server (settings: see .env.example); --no-work leaves making pairs to workers
  worker [--concurrency 1] [--drain SECONDS] [--port P]
                                           make pairs for the server that has the same DATABASE_URL and STORAGE_URL
  demo [--headless] [--exit] [--annotations 4] [--pairs 50]
                                           try everything on this machine
  seed PROJECT --count N [--start SEED] [--classes 0,3|all]   make N tasks more
  train PROJECT                            train on the annotations there are now
  synthesize PROJECT --count N [--title T] [--version V] [--filter 0.1] [--psi P] [--cutoff N|none] [--classes 0,3|all]
             [--start SEED] [--rules JSON] [--ignore-above NATS] [--formats index-png,coco] [--destination new|files|PROJECT]
             [--push predictions|annotations] [--regions brush|bitmask|polygons]
                                           order a dataset
  dataset [list [PROJECT] | show ID | pause ID | cancel ID | resume ID | extend ID --count N | delete ID [--with-project]]
                                           the datasets; extend adds pairs, --with-project deletes the Label Studio project too
  job show ID | job cancel ID              a job of the server
  export DATASET --format coco,voc|all --out DIR|NAME.zip|NAME.tar|s3://BUCKET/PREFIX|- [--validation 0.1]
                                           the files of a dataset: index-png palette-png voc coco coco-panoptic yolo-seg webdataset
                                           imagefolder parquet label-studio
  export --from-annotations PROJECT --format … --out … [--validation 0.1] [--licence TEXT] [--objects regions|pieces]
                                           the same for the brushes, polygons and bitmasks of any Label Studio project
  import FILE [--name N] [--licence TEXT] [--psi 0.7] [--avg-latent F.npy] [--taps default|editgan|datasetgan]
         [--rows 64:448] [--label-size 512]
                                           make a generator of a StyleGAN checkpoint (.pkl, .pt, .pth, .safetensors)
  generators [list | show NAME | rename NAME NEW | remove NAME]
                                           the generators of this machine
  sample NAME [--seeds 0-7] [--psi P] [--cutoff N|none] [--class K] [--out sheet.png]
                                           pictures of a generator on one sheet
  sample NAME --z z.npy [--c c.npy] [--psi P] [--cutoff N|none] --raw DIR
                                           ws.npy, image.npy and taps/*.npy, for other tools
  backup FILE                              the whole of DATA_DIR in one file, while the server runs or not; it holds tokens
  restore FILE                             a backup into DATA_DIR, which must be empty
  doctor                                   say what is wrong with the connection to Label Studio, and what mends it

PROJECT is Label Studio's project number. seed, train, synthesize, dataset and job talk to the running server. Ctrl-C ends
the following of a job, not the job.
`;
