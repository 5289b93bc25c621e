import { afterAll, describe, expect, it } from 'vitest';
import { LOOK_AROUND, mayMountSmallDisk, SmallDisk } from './engine-support/small-disk.ts';

const possible = mayMountSmallDisk();
if (!possible)
  process.stderr.write(
    '\nSKIPPED: a script that fills the disk was not tested (this account may not mount a small disk)\n\n',
  );

const disk = new SmallDisk();
afterAll(() => disk.close());

const lines = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`);

describe.skipIf(!possible)('a script that fills the disk of its workspace', () => {
  it('loses nothing of what it said, and neither does the workspace', () => {
    const seen = disk.run(
      'cleared',
      `
falaj init "$FALAJ_WORKSPACE" --name full --quiet > "$OUT/said" 2>&1
falaj run -- sh -c 'dd if=/dev/zero of=/mnt/fill bs=64k 2> /dev/null; seq -f "line %g" 1 50; sleep 1; rm /mnt/fill; exit 7' > "$OUT/said" 2>&1
${LOOK_AROUND}`,
    );
    expect(JSON.parse(seen['runs']!)).toMatchObject([{ status: 'failed' }]);
    expect(JSON.parse(seen['jobs']!)).toMatchObject([
      { state: 'failed', error: { code: 'CHILD_FAILED', details: { exitCode: 7 } } },
    ]);
    for (const line of lines) expect(seen['logs']).toContain(line);
    expect(seen['audit']).toContain('Intact');
  }, 120_000);

  it('ends once there is room again', () => {
    const seen = disk.run(
      'full',
      `
falaj init "$FALAJ_WORKSPACE" --name full --quiet > "$OUT/said" 2>&1
(while ! [ -e "$OUT/ended" ]; do sleep 0.2; done; sleep 4; rm /mnt/fill) &
falaj run -- sh -c 'dd if=/dev/zero of=/mnt/fill bs=64k 2> /dev/null; seq -f "line %g" 1 50; touch "$0"' "$OUT/ended" > "$OUT/said" 2>&1
${LOOK_AROUND}`,
    );
    const [job] = JSON.parse(seen['jobs']!) as { state: string }[];
    const [run] = JSON.parse(seen['runs']!) as { status: string }[];
    // Whether the run's own last facts found room is a matter of moments; that it ended is not.
    expect([job!.state, run!.status]).not.toContain('running');
    for (const line of lines) expect(seen['logs']).toContain(line);
    expect(seen['audit']).toContain('Intact');
  }, 120_000);
});
