import { openStore } from '../../../src/store/store.ts';
import { getSetting, setSetting } from '../../../src/store/stored-settings.ts';

/** A process of its own on a data folder: prints `open`, then the number of every row that was committed, until it is killed. */
const store = await openStore({ dataDir: process.argv[2] as string });
process.stdout.write('open\n');
for (let number = (((await getSetting(store.db, 'last')) as number | undefined) ?? 0) + 1; ; number++) {
  await store.db.transaction().execute(async (trx) => {
    await setSetting(trx, `row-${number}`, { text: 'x'.repeat(2000) });
    await setSetting(trx, 'last', number);
  });
  process.stdout.write(`${number}\n`);
}
