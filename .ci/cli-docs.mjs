import { writeFileSync } from 'node:fs';
import { cliReference } from '../test/support/cli-reference.ts';

/** Writes docs/cli.md. A unit test says when it is out of date. */
writeFileSync(new URL('../docs/cli.md', import.meta.url), cliReference());
