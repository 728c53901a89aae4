import { Command, Help, type Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { OWN_COMMAND } from '../own-command.ts';
import { declareBackbones } from './declarations/backbones.ts';
import { declareBackups } from './declarations/backups.ts';
import { declareDatasets } from './declarations/datasets.ts';
import { declareGenerators } from './declarations/generators.ts';
import { declareProjects } from './declarations/projects.ts';
import type { Runner } from './declarations/runner.ts';
import { declareServer } from './declarations/server.ts';
import { declareStudent } from './declarations/student.ts';
import { loadEnvironment } from './load-environment.ts';

/**
 * The whole command line: what is parsed, what `--help` shows, and docs/cli.md. Each command imports its work when it runs, so that help is quick.
 * Parsing throws a CommanderError, also where help or the version was printed.
 * @param onExitCode told the exit code of the command that has run
 * @param name how the reader types this program
 */
export function program(onExitCode: (code: number) => void, name = OWN_COMMAND): Command {
  const run: Runner =
    (work) =>
    async (...args) =>
      onExitCode(await work(...args));
  const root = new Command(name)
    .description('Labelled image datasets from almost no labelling, as a Label Studio ML backend.')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    // `synthesize --version` is the version of a project.
    .enablePositionalOptions()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ optionDescription })
    .exitOverride()
    .hook('preAction', () => loadEnvironment())
    .addHelpText('after', `\n${NOTES}`);
  declareServer(root.commandsGroup('Run:'), run);
  declareProjects(root.commandsGroup('Label and order:'), run);
  declareDatasets(root, run);
  declareGenerators(root.commandsGroup('Generators:'), run);
  declareBackbones(root.commandsGroup('Photographs:'), run);
  declareStudent(root, run);
  declareBackups(root.commandsGroup('State:'), run);
  return root.commandsGroup('Help:').helpCommand('help [command]', 'print the help of a command');
}

/** The parser's own, and which options must be given. */
function optionDescription(option: Option): string {
  const description = Help.prototype.optionDescription(option);
  return option.mandatory ? `${description} (required)` : description;
}

/** What holds for all commands. */
const NOTES = [
  'PROJECT is the number of a project in Label Studio. With several Label Studios it is ORIGIN|NUMBER.',
  'project, seed, train, synthesize, dataset and job ask the running server. Ctrl-C stops watching the job, not the job.',
  'Settings are environment variables. Every command also reads .env in the folder where it starts.',
].join('\n');
