import type { Command } from 'commander';
import { program } from '../../src/cli/program.ts';

/** The content of docs/cli.md, from the declarations that parse the command line. */
export function cliReference(): string {
  const root = program(() => {}, 'datasetgan');
  const sections = withActions(root).flatMap((command) => ['', ...section(command)]);
  return `${[...HEAD, ...sections].join('\n')}\n`;
}

const HEAD = [
  '# Command line',
  '',
  '<!-- Made by npm run docs. The source is src/cli/declarations/. -->',
  '',
  'Type `datasetgan COMMAND`, or `npx datasetgan COMMAND` in a clone. `datasetgan COMMAND --help` prints the same texts.',
  '',
  'The exit code is 0 if all went well and 130 after Ctrl-C. Otherwise it is 1, and the message names the fix.',
];

/** A command and those below it, without the help. */
function withActions(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withActions)];
}

function section(command: Command): string[] {
  const help = command.createHelp();
  const depth = depthOf(command);
  const options = help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .map((option) => [help.optionTerm(option), help.optionDescription(option)]);
  const commands = help.visibleCommands(command).filter((known) => known.name() !== 'help');
  return [
    `${'#'.repeat(depth + 2)} \`${help.commandUsage(command).replace(/ \[options\]/, options.length === 0 ? '' : ' [options]')}\``,
    '',
    help.commandDescription(command),
    ...table(
      'command',
      commands.map((known) => [help.subcommandTerm(known).replace(' [options]', ''), help.subcommandDescription(known)]),
    ),
    ...table(
      'argument',
      help.visibleArguments(command).map((argument) => [argument.name(), help.argumentDescription(argument)]),
    ),
    ...table('option', options),
    ...afterwards(command),
  ];
}

const depthOf = ({ parent }: Command): number => (parent === null ? 0 : depthOf(parent) + 1);

function table(head: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return ['', `| ${head} | meaning |`, '|---|---|', ...rows.map(([name, meaning]) => `| \`${name}\` | ${meaning} |`)];
}

/** What the help of a command says after its lists: notes and examples. */
function afterwards(command: Command): string[] {
  let printed = '';
  command.configureOutput({ writeOut: (text) => (printed += text) });
  command.outputHelp();
  const more = printed.slice(command.helpInformation().length).trim();
  if (more === '') return [];
  return more.startsWith('Example')
    ? [
        '',
        '```',
        ...more
          .split('\n')
          .slice(1)
          .map((line) => line.trim()),
        '```',
      ]
    : ['', ...more.split('\n').map((line) => `- ${line}`)];
}
