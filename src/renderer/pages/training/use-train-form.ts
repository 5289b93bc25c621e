import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { ColumnProfile } from '../../../shared/contract/types.ts';
import { useQuery } from '../../engine/use-query.ts';
import { type LabelFacts, labelFacts, likelyFeatures } from './label-facts.ts';
import { addressOf, formOf, type Inferred, type TrainForm } from './train-form.ts';

export interface FormState {
  readonly form: TrainForm;
  readonly onChange: (change: Partial<TrainForm>) => void;
  readonly profiles: readonly ColumnProfile[];
  readonly inferred: Inferred;
  /** Of the chosen column; null for a rule, or before one was chosen. */
  readonly label: { readonly profile: ColumnProfile; readonly facts: LabelFacts } | null;
}

/** The form, which lives in the address, and what the chosen data say of it. */
export function useTrainForm(): FormState {
  const [, navigate] = useLocation();
  const search = useSearch();
  const form = useMemo(() => formOf(search), [search]);
  const asked = { enabled: form.dataset !== '' };
  const profile = useQuery('data', 'profile', { name: form.dataset }, asked);
  const dataset = useQuery('data', 'get', { name: form.dataset }, asked);
  const profiles = form.dataset === '' ? [] : (profile.data ?? []);
  const keys = dataset.data?.keys ?? [];
  const times = [form.eventTime, dataset.data?.eventTime, dataset.data?.knownTime].filter(
    (name) => name !== undefined && name !== null,
  );
  const found = form.rule ? undefined : profiles.find(({ name }) => name === form.label);
  const label = found === undefined ? null : { profile: found, facts: labelFacts(found) };
  return {
    form,
    onChange: (change) => navigate(addressOf({ ...form, ...change }), { replace: true }),
    profiles,
    inferred: {
      task: label?.facts.task ?? null,
      columns: likelyFeatures(profiles, { label: form.label, times, keys }),
    },
    label,
  };
}
