// Fills the online store, or pushes to it without end, and says how far it is, so that it can be killed at any point.
import { writeSync } from 'node:fs';
import { openOnline, pushedRows } from './online-sample.ts';

const [folder, work] = process.argv.slice(2) as [string, 'materialize' | 'push'];
const { online, log } = openOnline(folder);
writeSync(1, 'start\n');
if (work === 'materialize') {
  const context = {
    signal: new AbortController().signal,
    progress: ({ done }: { done?: number }) => void writeSync(1, `wrote ${done ?? 0}\n`),
  };
  await online.materialize(context, { view: 'facts' });
  writeSync(1, 'kept\n');
} else {
  for (let batch = log.rows('pushed') / 50; ; batch++) {
    await online.push({ view: 'pushed', rows: pushedRows(batch) });
    writeSync(1, `pushed ${batch}\n`);
  }
}
