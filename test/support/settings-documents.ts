import { settingsTable } from '../../src/settings.ts';

/** The README's table. */
export function settingsMarkdown(): string {
  const rows = settingsTable().map(({ name, default: value, description }) => `| \`${name}\` | ${value} | ${description} |`);
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** The content of `.env.example`. */
export function environmentExample(): string {
  const entries = settingsTable().map(({ name, default: value, description }) => {
    const literal = value.includes(' ') ? '' : value;
    return `# ${description}${literal === value ? '' : `\n# Default: ${value}.`}\n#${name}=${literal}\n`;
  });
  return `# Copy to .env in the folder where you start the commands: each reads it. Variables that are already set take precedence.\n\n${entries.join('\n')}`;
}
