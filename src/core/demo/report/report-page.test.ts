import { describe, expect, it } from 'vitest';
import { demoReport } from '../../../shared/contract/demo.ts';
import type { DriftCheck, DriftColumn } from '../../../shared/contract/types.ts';
import type { ReportFindings } from './findings.ts';
import { renderReport } from './report-page.ts';

const hash = 'ab'.repeat(32);

const column = (name: string, drift: boolean): DriftColumn => ({
  name,
  type: 'float64',
  test: 'psi',
  score: drift ? 0.031 : 0.001,
  threshold: 0.004,
  pValue: drift ? 1e-9 : 0.6,
  qValue: drift ? 4e-9 : 0.7,
  drift,
  missing: { reference: 0, current: 0.01 },
  distribution: {
    edges: Array.from({ length: 21 }, (_, edge) => edge * 10),
    categories: null,
    reference: Array.from({ length: 20 }, (_, cell) => (20 - cell) / 210),
    current: Array.from({ length: 20 }, (_, cell) => (cell + 1) / 210),
  },
});

const check = (drift: boolean): DriftCheck => ({
  id: 'a',
  reference: 'flights[2001-01-01..2001-05-08]',
  current: 'flights[2001-06-01..2001-07-01]',
  checkedAt: '2026-01-01T00:00:00Z',
  drift,
  rows: { reference: 140_000, current: 33_000 },
  columns: ['delay', 'distance', 'origin', 'destination'].map((name) =>
    column(name, drift && name !== 'distance'),
  ),
});

const model = (name: string, learner: string, bend: number): ReportFindings['model'] => ({
  name,
  learner,
  metrics: { auc: 0.5 + bend / 4, logloss: 0.5 - bend / 20, brier: 0.16 - bend / 50, ece: 0.01 },
  rocCurve: Array.from({ length: 200 }, (_, index) => ({
    falsePositiveRate: index / 199,
    truePositiveRate: (index / 199) ** (1 - bend / 2),
  })),
  calibration: Array.from({ length: 20 }, (_, index) => ({
    predicted: 0.05 + index * 0.03,
    observed: 0.055 + index * 0.029,
    count: 2000,
  })),
});

const findings: ReportFindings = {
  report: demoReport.parse({
    ok: true,
    rows: { imported: 200_000, train: 140_000, test: 40_000 },
    metrics: { auc: 0.72, logloss: 0.44, brier: 0.14, ece: 0.01, baselineAuc: 0.57, baselineLogloss: 0.49 },
    model: { name: 'flight-delay', version: 1, digest: hash, signed: true },
    challenger: { name: 'flight-delay-linear', metrics: { auc: 0.66 } },
    drift: { drift: true, columns: 4, drifted: 3 },
    quietCheck: { drift: false, columns: 4, drifted: 0 },
    timingsMs: {
      import: 2100,
      define: 40,
      load: 700,
      join: 5200,
      train: 6100,
      challenger: 1400,
      score: 900,
      drift: 600,
      total: 17_400,
    },
    sizesBytes: { dataset: 3_100_000, model: 410_000, store: 900_000, blobs: 5_000_000 },
    hashes: { dataset: hash, model: hash, 'model.onnx': hash },
    peakMemoryBytes: 900_000_000,
    versions: { falaj: '0.1.0', node: '24.21.0', duckdb: '1.5.6', onnxruntime: '1.30.0', sqlite: '3.51.0' },
    workspace: '/home/x/<script>alert(1)</script>',
    report: '/home/x/report.html',
  }),
  madeAt: '2026-01-01T00:00:00Z',
  window: {
    trainFrom: '2001-01-01T00:01:00Z',
    trainTo: '2001-05-08T10:00:00Z',
    testFrom: '2001-05-26T10:00:00Z',
    testTo: '2001-07-01T00:00:00Z',
  },
  model: model('flight-delay', 'boosted trees', 0.9),
  challenger: model('flight-delay-linear', 'logistic regression', 0.6),
  baseline: model('Baseline', 'late rate of the origin', 0.2),
  importance: Array.from({ length: 30 }, (_, index) => ({
    feature: `origin__mean_delay_${index}h`,
    gain: 100 / (index + 1),
  })),
  learning: [
    {
      name: 'training part',
      points: Array.from({ length: 200 }, (_, step) => ({
        step: step + 1,
        value: 0.42 + 0.08 * 0.97 ** step,
      })),
    },
    {
      name: 'validation part',
      points: Array.from({ length: 200 }, (_, step) => ({
        step: step + 1,
        value: 0.44 + 0.06 * 0.97 ** step,
      })),
    },
  ],
  drift: check(true),
  quiet: check(false),
  scoring: { p50Ms: 6.2, p99Ms: 11.9, batchRows: 16_384, rowsPerSecond: 840_000, largestDifference: 1.2e-7 },
  machine: { cpu: 'Test CPU', cores: 2, memoryBytes: 24e9, platform: 'linux x64' },
};

describe('renderReport', () => {
  const html = renderReport(findings);

  it('is one file below 500 kB that asks for nothing and runs nothing', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(500_000);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|src=|https?:\/\//i);
  });

  it('shows text from outside as text', () => {
    expect(html).toContain('&#60;script&#62;alert(1)');
  });

  it('gives every picture a name and a sentence', () => {
    const pictures = html.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
    expect(pictures.length).toBeGreaterThanOrEqual(9);
    for (const picture of pictures) expect(picture).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('has the figures, the baseline beside them, and the verdicts in words', () => {
    for (const text of ['0.720', '0.570', '3 of 4 columns drifted', '✓ quiet', 'flight-delay:1', hash])
      expect(html).toContain(text);
  });

  it('says in words when something is not sound', () => {
    const bad = renderReport({ ...findings, report: { ...findings.report, ok: false }, quiet: check(true) });
    expect(bad).toContain('✗ not sound');
    expect(bad).toContain('النتيجة غير سليمة');
    expect(bad).toContain('✗ an alarm');
  });

  it('has a summary in Arabic that is marked as such', () => {
    expect(html).toMatch(/<section class="summary" lang="ar" dir="rtl"[^>]*>/);
  });
});
