import type { RunTrials } from './contract/types.ts';

export interface ExplainedSetting {
  readonly name: string;
  /** Of each objective, of 1; null where it is not known. */
  readonly shares: readonly (number | null)[];
}

/** What settings explain, setting by setting with a share for each objective, and the rest, which only settings together do. */
export function explainedSettings(importance: RunTrials['importance']): {
  readonly settings: readonly ExplainedSetting[];
  readonly together: Omit<ExplainedSetting, 'name'>;
} {
  const names = importance[0]?.settings.map(({ setting }) => setting) ?? [];
  return {
    settings: names.map((name) => ({
      name,
      shares: importance.map(
        ({ settings }) => settings.find(({ setting }) => setting === name)?.share ?? null,
      ),
    })),
    together: {
      shares: importance.map(({ settings }) =>
        Math.max(0, 1 - settings.reduce((sum, { share }) => sum + share, 0)),
      ),
    },
  };
}
