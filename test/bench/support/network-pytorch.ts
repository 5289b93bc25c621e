import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILER_FLAGS } from '../../../src/core/processes/index.ts';
import { installPythonPackages } from '../../conformance/support/python-packages.ts';
import { lastLineOf } from './last-line.ts';
import { brief, type Figure, quantile, reportFigures } from './report-figures.ts';

/**
 * One epoch of a dense network, 784 numbers, two hidden layers of 1024 units and ten classes, in batches of 256 by Adam, by PyTorch
 * and by us. Each fit has a process of its own, and both take turns. The data lie in memory when the clock starts.
 */
interface Fit {
  readonly fitMs: number;
  readonly steps: number;
  readonly accuracy: number;
  readonly threads: number;
}

const PEER = path.join(process.cwd(), 'test', 'bench', 'peers', 'pytorch_peer.py');
const OURS = fileURLToPath(new URL('./fit-network.mjs', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-network-'));
const rounds = Number(process.env['ROUNDS'] ?? (brief ? 1 : 3));
const rows = brief ? 5000 : 60_000;
const python = installPythonPackages('pytorch-peer', ['torch==2.9.1', 'numpy==2.2.6']);
if (typeof python === 'string') throw new Error(`PyTorch could not be installed: ${python}`);
const interpreter = path.join(python.bin, 'python');

function compare(threads: number): Figure[] {
  const fits: { ours: Fit[]; theirs: Fit[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    fits.theirs.push(JSON.parse(lastLineOf(interpreter, [PEER, 'fit', folder, rows, threads])) as Fit);
    fits.ours.push(
      JSON.parse(lastLineOf(process.execPath, [...COMPILER_FLAGS, OURS, folder, rows, threads])) as Fit,
    );
  }
  const step = (of: readonly Fit[]): number => quantile(of.map(({ fitMs, steps }) => fitMs / steps));
  const accuracy = (of: readonly Fit[]): number => quantile(of.map((fit) => fit.accuracy));
  const [a, b] = [fits.ours, fits.theirs];
  const of = `a dense network, ${rows / 1000}k × 784, 1024-1024, batch 256, ${threads} thread${threads === 1 ? '' : 's'}`;
  return [
    {
      measure: `A step of ${of}, time against PyTorch's`,
      value: step(a) / step(b),
      unit: '×',
      atMost: 3,
      note: `${step(a).toFixed(1)} ms (${quantile(a.map((fit) => fit.threads))} threads) against ${step(b).toFixed(1)} ms, shuffling and batches included`,
    },
    {
      measure: `Accuracy after an epoch of ${of}, below PyTorch's by`,
      value: accuracy(b) - accuracy(a),
      unit: '',
      atMost: 0.01,
      note: `${accuracy(a).toFixed(4)} against ${accuracy(b).toFixed(4)}`,
    },
  ];
}

lastLineOf(interpreter, [PEER, 'data', folder, rows]);
reportFigures((os.availableParallelism() > 1 ? [1, 2] : [1]).flatMap(compare));
rmSync(folder, { recursive: true });
