import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, FreeSlots, type GpuSlot } from './free-slots.ts';

const GIB = 2 ** 30;
const slot = (id: string, totalGib: number | null, freeGib = totalGib): GpuSlot => ({
  id,
  memoryTotalBytes: totalGib === null ? null : totalGib * GIB,
  memoryFreeBytes: freeGib === null ? null : freeGib * GIB,
  isFailed: false,
});
const free = (gpus: readonly GpuSlot[] | null, claims: readonly Claim[] = []): FreeSlots =>
  new FreeSlots({ cpus: 8, memoryBytes: 64 * GIB, gpus }, claims);
const needs = (gpus: number, gpuMemoryGib: number | null = null) => ({
  cpus: 1,
  memoryBytes: null,
  gpus,
  gpuMemoryBytes: gpuMemoryGib === null ? null : gpuMemoryGib * GIB,
});
const chosen = (claim: Claim | null): string[] | undefined => claim?.gpus.map(({ id }) => id);

describe('what a machine has left', () => {
  it('gives part of a GPU where it leaves the large ones free, and whole ones with most memory free', () => {
    const slots = free([slot('large', 80), slot('slice', 10), slot('middle', 24, 20)]);
    expect(chosen(slots.place(needs(1, 8)))).toEqual(['slice']);
    expect(chosen(slots.place(needs(1, 16)))).toEqual(['middle']);
    expect(chosen(slots.place(needs(2)))).toEqual(['large', 'middle']);
    expect(slots.place(needs(3, 16))).toBeNull();
  });

  it('promises the same memory once, whether the job has taken it yet or not', () => {
    const slots = free([slot('one', 24)]);
    slots.take(slots.place(needs(1, 16))!);
    expect(slots.place(needs(1, 16))).toBeNull();
    expect(slots.place(needs(1))).toBeNull();
    const claim: Claim = { cpus: 1, memoryBytes: 0, gpus: [{ id: 'one', memoryBytes: 16 * GIB }] };
    // It has taken it: the driver says so, too.
    expect(free([slot('one', 24, 8)], [claim]).place(needs(1, 8))).not.toBeNull();
    expect(free([slot('one', 24, 8)], [claim]).place(needs(1, 9))).toBeNull();
  });

  it('takes a GPU that tells nothing of its memory for free until it is given', () => {
    const slots = free([slot('unified', null)]);
    const claim = slots.place(needs(1));
    expect(chosen(claim)).toEqual(['unified']);
    slots.take(claim!);
    expect(slots.place(needs(1))).toBeNull();
    expect(slots.place(needs(1, 1))).toBeNull();
  });

  it('gives none that has failed, in whole or in part, and keeps none for who waits', () => {
    const broken: GpuSlot = { ...slot('broken', 80), isFailed: true };
    expect(chosen(free([broken, slot('whole', 24)]).place(needs(1)))).toEqual(['whole']);
    expect(chosen(free([broken, slot('whole', 24)]).place(needs(1, 8)))).toEqual(['whole']);
    expect(free([broken, slot('whole', 24)]).place(needs(2))).toBeNull();
    const waiting = free([broken, slot('whole', 24)]);
    waiting.reserve(needs(1));
    expect(waiting.place(needs(1, 8))).toBeNull();
  });

  it('gives none before the drivers were asked', () => {
    expect(free(null).place(needs(1))).toBeNull();
    expect(free(null).place(needs(0))).not.toBeNull();
  });

  it('never gives more than there is', () => {
    const need = fc.record({
      cpus: fc.integer({ min: 1, max: 8 }),
      memoryBytes: fc.option(fc.integer({ min: 1, max: 64 }).map((gib) => gib * GIB)),
      gpus: fc.integer({ min: 0, max: 3 }),
      gpuMemoryBytes: fc.option(fc.integer({ min: 1, max: 24 }).map((gib) => gib * GIB)),
    });
    fc.assert(
      fc.property(fc.array(need, { maxLength: 20 }), (list) => {
        const slots = free([slot('a', 24), slot('b', 24, 12), slot('c', 10)]);
        const claims: Claim[] = [];
        for (const one of list) {
          const claim = slots.place(one);
          if (claim === null) continue;
          slots.take(claim);
          claims.push(claim);
        }
        const sum = (of: (claim: Claim) => number): number =>
          claims.reduce((total, claim) => total + of(claim), 0);
        expect(sum(({ cpus }) => cpus)).toBeLessThanOrEqual(8);
        expect(sum(({ memoryBytes }) => memoryBytes)).toBeLessThanOrEqual(64 * GIB);
        for (const [id, gib] of [
          ['a', 24],
          ['b', 12],
          ['c', 10],
        ] as const) {
          const given = claims.flatMap(({ gpus }) => gpus).filter((gpu) => gpu.id === id);
          if (given.some(({ memoryBytes }) => memoryBytes === null)) expect(given).toHaveLength(1);
          else {
            const bytes = given.reduce((total, { memoryBytes }) => total + memoryBytes!, 0);
            expect(bytes).toBeLessThanOrEqual(gib * GIB);
          }
        }
      }),
    );
  });
});
