import { isRecord } from './plan-changes.ts';

export type FileTexts = Readonly<Record<string, string>>;

/** A training's definition with the texts of the files that its script is made of; what it brings along itself stays. */
export function withCode(value: unknown, files: FileTexts): unknown {
  if (!isRecord(value) || value['kind'] !== 'Training') return value;
  const { learner } = value;
  if (!isRecord(learner) || learner['kind'] !== 'python') return value;
  const { script, requirements, files: further, code } = learner;
  const named = [script, requirements, ...(Array.isArray(further) ? further : [])];
  const given = Object.fromEntries(Object.entries(files).filter(([file]) => named.includes(file)));
  if (code !== undefined && !isRecord(code)) return value;
  return { ...value, learner: { ...learner, code: { ...given, ...code } } };
}
