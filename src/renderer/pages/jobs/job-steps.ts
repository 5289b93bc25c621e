/** The demo's steps in their order; other kinds of work show only the step they are at. */
export const DEMO_STEPS = ['import', 'join', 'train', 'challenger', 'score', 'drift', 'report'] as const;
export type DemoStep = (typeof DEMO_STEPS)[number];

/** Stable keys of steps that rooms report, each with a text under `jobSteps`. */
export const KNOWN_STEPS = [
  ...DEMO_STEPS,
  'start',
  'load',
  'read',
  'write',
  'profile',
  'fit',
  'evaluate',
  'export',
  'check',
  'compare',
  'verify',
  'sort',
  'scan',
  'seal',
  'run',
  'environment',
  'disk-full',
] as const;
export type KnownStep = (typeof KNOWN_STEPS)[number];

export const isKnownStep = (step: string): step is KnownStep => KNOWN_STEPS.some((known) => known === step);

export type StepState = 'done' | 'now' | 'later';

const isDemoStep = (step: string): step is DemoStep => DEMO_STEPS.some((known) => known === step);

/** Where each step of the demo stands while `current` is at work. An unknown step leaves all for later. */
export function demoStepStates(
  current: string,
): readonly { readonly step: DemoStep; readonly state: StepState }[] {
  const at = isDemoStep(current) ? DEMO_STEPS.indexOf(current) : -1;
  return DEMO_STEPS.map((step, place) => ({
    step,
    state: place < at ? 'done' : place === at ? 'now' : 'later',
  }));
}
