import { useTranslation } from 'react-i18next';
import type { Job } from '../../../shared/contract/types.ts';
import { useQuery } from '../../engine/use-query.ts';
import { learnerKind } from '../training/learner-kind.ts';

/** Why this job cannot be tried again from here; null where it can. Whoever came by a link or a token starts no programs. */
export function useRetryRefusal({ id, kind, subject }: Pick<Job, 'id' | 'kind' | 'subject'>): string | null {
  const { t } = useTranslation();
  const session = useQuery('workspace', 'session', undefined);
  const name = kind === 'training.run' ? (subject ?? '').slice('/training/'.length) : '';
  const training = useQuery('training', 'get', { name }, { enabled: name !== '' });
  const isProgram =
    kind === 'scripts.run' || (training.data !== undefined && learnerKind(training.data) === 'python');
  return isProgram && session.data?.mayStartPrograms === false
    ? t('jobs.retryOnMachine', { command: `falaj jobs retry ${id}` })
    : null;
}
