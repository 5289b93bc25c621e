import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listNames, readInteger, readText } from '../fact-files.ts';
import type { GraphicsCard } from '../graphics-cards.ts';
import { type Figure, figureOf, type HealthFigures, NO_FIGURES, unknown } from './health-figures.ts';
import { decodeAmdThrottling } from './throttle-reasons.ts';

interface ErrorCounts {
  readonly corrected: Figure;
  readonly uncorrected: Figure;
}

/** `ue: 0` and `ce: 2` of one block's file (docs.kernel.org/gpu/amdgpu/ras.html, "RAS Error Count sysfs Interface"). */
export function parseErrorCount(
  text: string,
): { readonly corrected: number; readonly uncorrected: number } | null {
  const count = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+)\\s*$`, 'm').exec(text)?.[1] ?? Number.NaN);
  const [uncorrected, corrected] = [count('ue'), count('ce')];
  return Number.isFinite(uncorrected) && Number.isFinite(corrected) ? { corrected, uncorrected } : null;
}

/** Over all blocks of the chip. A card without error correction has no such folder. */
async function readErrorCounts(folder: string): Promise<ErrorCounts> {
  const names = ((await listNames(folder)) ?? []).filter((name) => name.endsWith('_err_count'));
  if (names.length === 0) return { corrected: unknown('unsupported'), uncorrected: unknown('unsupported') };
  const texts = await Promise.all(names.map((name) => readText(join(folder, name))));
  const counts = texts.flatMap((text) => (text === null ? [] : (parseErrorCount(text) ?? [])));
  // A part of the sum would be taken for the whole.
  if (counts.length < names.length)
    return { corrected: unknown('unreadable'), uncorrected: unknown('unreadable') };
  const sum = (pick: (count: (typeof counts)[number]) => number): Figure =>
    figureOf(
      counts.reduce((total, count) => total + pick(count), 0),
      'unreadable',
    );
  return { corrected: sum((count) => count.corrected), uncorrected: sum((count) => count.uncorrected) };
}

/** Pages of memory that are out of use: `address : size : R`, retired, `P`, about to be, `F`, could not be (same page). */
export function parseBadPages(text: string): {
  readonly retired: number;
  readonly pending: number;
  readonly failed: number;
} {
  const flags = text
    .split('\n')
    .map((line) => /^0x[0-9a-f]+\s*:\s*0x[0-9a-f]+\s*:\s*([RPF])\s*$/i.exec(line)?.[1]?.toUpperCase());
  const count = (flag: string): number => flags.filter((seen) => seen === flag).length;
  return { retired: count('R'), pending: count('P'), failed: count('F') };
}

/** Least distance of a sensor to its critical value (hwmon ABI, millidegrees). */
async function readMargin(deviceFolder: string): Promise<Figure> {
  const folder = join(deviceFolder, 'hwmon');
  const margins: number[] = [];
  for (const sensor of (await listNames(folder)) ?? []) {
    for (const name of (await listNames(join(folder, sensor))) ?? []) {
      const base = /^(temp\d+)_crit$/.exec(name)?.[1];
      if (base === undefined) continue;
      const [critical, now] = await Promise.all([
        readInteger(join(folder, sensor, name)),
        readInteger(join(folder, sensor, `${base}_input`)),
      ]);
      // Some firmware says 0 where it has no limit.
      if (critical !== null && critical > 0 && now !== null) margins.push((critical - now) / 1_000);
    }
  }
  return figureOf(margins.length === 0 ? null : Math.min(...margins), 'unsupported');
}

/** What holds an AMD card's clocks back now. */
export async function readThrottling(deviceFolder: string): Promise<HealthFigures['throttling']> {
  const metrics = await readFile(join(deviceFolder, 'gpu_metrics')).catch(() => null);
  const reasons = metrics === null ? null : decodeAmdThrottling(metrics);
  if (reasons !== null) return { reasons, unknown: null };
  return { reasons, unknown: metrics === null ? 'notAsked' : 'unsupported' };
}

/** What sysfs tells of an AMD card's health. */
export async function amdFigures(card: GraphicsCard): Promise<HealthFigures> {
  const ras = join(card.deviceFolder, 'ras');
  const [errors, pages, slowdownMarginCelsius, throttling] = await Promise.all([
    readErrorCounts(ras),
    readText(join(ras, 'gpu_vram_bad_pages')),
    readMargin(card.deviceFolder),
    readThrottling(card.deviceFolder),
  ]);
  const bad = pages === null ? null : parseBadPages(pages);
  return {
    ...NO_FIGURES,
    correctedErrors: errors.corrected,
    uncorrectedErrors: errors.uncorrected,
    retiredPages: figureOf(bad?.retired ?? null, 'unsupported'),
    slowdownMarginCelsius,
    throttling,
    repair: bad === null ? null : bad.failed > 0 ? 'failed' : bad.pending > 0 ? 'pending' : 'none',
  };
}

/** Intel's drivers show temperatures and their limits, where the card has sensors. */
export async function intelFigures(card: GraphicsCard): Promise<HealthFigures> {
  return { ...NO_FIGURES, slowdownMarginCelsius: await readMargin(card.deviceFolder) };
}
