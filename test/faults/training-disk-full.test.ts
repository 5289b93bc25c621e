import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { byChance, visitLines } from '../fixtures/visit-lines.ts';
import { LOOK_AROUND, mayMountSmallDisk, SmallDisk } from './engine-support/small-disk.ts';

const possible = mayMountSmallDisk();
if (!possible)
  process.stderr.write(
    '\nSKIPPED: a training on a full disk was not tested (this account may not mount a small disk)\n\n',
  );

const disk = new SmallDisk();
afterAll(() => disk.close());

const DEFINITION = `kind: Training
name: buy
entities: {dataset: visits}
columns: [price, town]
label: {column: bought}
task: binary
learner: {kind: mlp, hidden: [64, 64], epochs: 100, batchRows: 32}
`;

describe.skipIf(!possible)('a training whose disk is full', () => {
  it('fails, and its run with it and with its reason, once there is room again', () => {
    writeFileSync(path.join(disk.folder, 'visits.csv'), visitLines(3000, byChance));
    writeFileSync(path.join(disk.folder, 'falaj.yaml'), DEFINITION);
    const seen = disk.run(
      'training',
      `
falaj init "$FALAJ_WORKSPACE" --name full --quiet > "$OUT/said" 2>&1
falaj data import "$OUT/visits.csv" --name visits --event-time at --quiet >> "$OUT/said" 2>&1
falaj apply -f "$OUT/falaj.yaml" >> "$OUT/said" 2>&1
(for wait in $(seq 600); do grep -q '^fit' "$OUT/said" && break; sleep 0.05; done
 dd if=/dev/zero of=/mnt/fill bs=64k 2> /dev/null
 for wait in $(seq 600); do grep -q '^disk-full' "$OUT/said" && break; sleep 0.05; done
 sleep 1; rm /mnt/fill) &
falaj train buy --wait >> "$OUT/said" 2>&1
wait
${LOOK_AROUND}`,
    );
    expect(seen['said']).toContain('disk-full');
    expect(JSON.parse(seen['runs']!)).toMatchObject([
      { status: 'failed', tags: { 'falaj.error': expect.stringMatching(/^DISK_FULL: /) } },
    ]);
    expect(JSON.parse(seen['jobs']!)[0]).toMatchObject({ state: 'failed', error: { code: 'DISK_FULL' } });
    expect(seen['audit']).toContain('Intact');
  }, 120_000);
});
