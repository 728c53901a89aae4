import { type Command, Option } from 'commander';
import { DEMO_TASKS, type DemoOptions, MAX_DEMO_PAIRS } from '../demo/demo-options.ts';
import type { ServeOptions } from '../serve-command.ts';
import type { WorkerOptions } from '../worker-command.ts';
import { wholeNumber } from './parse-value.ts';
import type { Runner } from './runner.ts';

/** Programs that keep running, and the check of their connection. */
export function declareServer(root: Command, run: Runner): void {
  root
    .command('serve')
    .summary('run the server')
    .description('Run the server that Label Studio connects to, until Ctrl-C. A second Ctrl-C ends it at once.')
    .option('--host <HOST>', 'address to listen on (default: the setting HOST)')
    .option('--port <PORT>', 'port to listen on (default: the setting PORT)')
    .option('--no-work', 'leave making pairs to workers')
    .action(run(async (options: ServeOptions) => (await import('../serve-command.ts')).serveCommand(options)));

  root
    .command('worker')
    .summary("make pairs for a server's datasets")
    .description('Make pairs for the server that has the same DATABASE_URL and STORAGE_URL, until Ctrl-C.')
    .addOption(new Option('--concurrency <N>', 'shards at a time').default(1).argParser(wholeNumber(1, 256)))
    .addOption(
      new Option('--drain <SECONDS>', 'time for shards in work to finish after Ctrl-C or SIGTERM')
        .default(60)
        .argParser(wholeNumber(0, 86_400)),
    )
    .option('--port <PORT>', 'serve /livez, /readyz and /metrics on this port', wholeNumber(0, 65_535))
    .action(run(async (options: WorkerOptions) => (await import('../worker-command.ts')).workerCommand(options)));

  root
    .command('demo')
    .summary('try the whole loop on this machine')
    .description(
      'Set up a Label Studio, connect it, label a few pictures and order a dataset. Without Python, do the same into a folder.',
    )
    .option('--headless', 'run without Label Studio, into a folder')
    .option('--exit', 'end when everything is done')
    .addOption(new Option('--annotations <N>', 'pictures that the demo labels').default(4).argParser(wholeNumber(1, DEMO_TASKS)))
    .addOption(new Option('--pairs <N>', 'pairs of the dataset').default(50).argParser(wholeNumber(1, MAX_DEMO_PAIRS)))
    .action(run(async (options: DemoOptions) => (await import('../demo-command.ts')).demoCommand(options)));

  root
    .command('doctor')
    .summary('diagnose the connection to Label Studio')
    .description('Diagnose the connection to Label Studio and suggest fixes. The exit code is 1 if a check fails.')
    .action(run(async () => (await import('../doctor-command.ts')).doctorCommand()));
}
