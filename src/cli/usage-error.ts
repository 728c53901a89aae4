import type { Command, CommanderError } from 'commander';
import { DatasetGanError } from '../errors.ts';

/** `error: option '--psi <P>' argument 'x' is invalid. It must be a number.` */
const BAD_VALUE = /^error: option '(?:-\w, )?(--[\w-]+)[^']*' argument '([\s\S]*)' is invalid\. ([\s\S]+)$/;

/** What the parser says, as an error of ours: one sentence, and where the reader finds the right words. */
export function usageError({ message }: CommanderError, root: Command, args: readonly string[]): DatasetGanError {
  const [, option, value, fix] = BAD_VALUE.exec(message) ?? [];
  if (fix !== undefined) return new DatasetGanError('bad-request', `${option} ${value} is not valid.`, { fix });
  const [what, guess] = message.replace(/^error: /, '').split('\n');
  const sentence = `${what![0]!.toUpperCase()}${what!.slice(1).replace(/\.$/, '')}.`;
  const hint = guess === undefined ? '' : ` ${guess.replace(/^\(|\)$/g, '')}`;
  return new DatasetGanError('bad-request', `${sentence}${hint}`, { fix: `See: ${meantCommand(root, args)} --help` });
}

/** The command that the arguments name, as it is typed. */
function meantCommand(root: Command, args: readonly string[]): string {
  let command = root;
  const names = [root.name()];
  for (const arg of args) {
    const next = command.commands.find((known) => known.name() === arg);
    if (next === undefined) break;
    command = next;
    names.push(arg);
  }
  return names.join(' ');
}
