import type { Command } from 'commander';
import { nearestName } from '../../nearest-name.ts';

/** Lets a command with actions of its own be its list when it is typed alone. Any word but those actions is an error, as for all commands. */
export function listByDefault(group: Command, list: () => Promise<void>): void {
  group
    .helpCommand(true)
    .allowExcessArguments()
    .action(async () => {
      const [action] = group.args;
      if (action === undefined) return await list();
      const known = group.commands.map((command) => command.name());
      const nearest = nearestName(action, known);
      const hint = nearest === undefined ? '' : `\n(Did you mean ${nearest}?)`;
      group.error(`error: unknown command '${action}'${hint}`, { code: 'commander.unknownCommand' });
    });
}
