import { describe, expect, it } from 'vitest';
import { surroundings } from '../../../../test/fixtures/devices/fake-commands.ts';
import { amdCard, amdHealth, intelDiscrete, memInfo } from '../../../../test/fixtures/devices/trees.ts';
import { probeAmd } from '../amd-probe.ts';
import { probeIntel } from '../intel-probe.ts';
import { parseBadPages, parseErrorCount } from './card-figures.ts';

const amd = async (sys: Readonly<Record<string, string>>) =>
  (await probeAmd(surroundings({ sys }))).devices[0]!.health!;

describe('what sysfs tells of health', () => {
  it('of a card with error correction and limits', async () => {
    expect(await amd({ ...amdCard, ...amdHealth })).toMatchObject({
      correctedErrors: { value: 6, unknown: null },
      uncorrectedErrors: { value: 1, unknown: null },
      uncorrectedErrorsEver: { value: null, unknown: 'noSource' },
      retiredPages: { value: 1, unknown: null },
      slowdownMarginCelsius: { value: 16, unknown: null },
      throttling: { reasons: null, unknown: 'notAsked' },
      repair: 'pending',
    });
  });

  it('of a card without them is unknown, and why', async () => {
    expect(await amd(amdCard)).toMatchObject({
      uncorrectedErrors: { value: null, unknown: 'unsupported' },
      slowdownMarginCelsius: { value: null, unknown: 'unsupported' },
      repair: null,
    });
  });

  it('is no sum when a part of it cannot be read', async () => {
    const torn = { ...amdCard, ...amdHealth, 'class/drm/card1/device/ras/sdma_err_count': 'ue: 0\nce' };
    expect((await amd(torn)).uncorrectedErrors).toEqual({ value: null, unknown: 'unreadable' });
  });

  it("of Intel's cards are temperatures", async () => {
    const folder = 'class/drm/card1/device/hwmon/hwmon2';
    const sys = {
      ...intelDiscrete,
      [`${folder}/temp2_input`]: '70000\n',
      [`${folder}/temp2_crit`]: '105000\n',
    };
    const memory = { totalBytes: 1, availableBytes: 1, cgroupLimitBytes: null };
    const { devices } = await probeIntel(surroundings({ sys, proc: { meminfo: memInfo } }), memory);
    expect(devices[0]?.health?.slowdownMarginCelsius).toEqual({ value: 35, unknown: null });
  });
});

describe('files of error counts', () => {
  it('are whole or nothing', () => {
    expect(parseErrorCount('ue: 3\nce: 12\n')).toEqual({ uncorrected: 3, corrected: 12 });
    expect(parseErrorCount('ue: 3\n')).toBeNull();
    expect(parseErrorCount('ue: x\nce: 1')).toBeNull();
  });

  it('of pages tell what became of each', () => {
    expect(parseBadPages('0x1 : 0x1000 : R\n0x2 : 0x1000 : F\nnonsense\n0x3 : 0x1000 : R')).toEqual({
      retired: 2,
      pending: 0,
      failed: 1,
    });
  });
});
