import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Dataset, EngineClient } from '../../../shared/contract/types.ts';
import { datasetUsers } from '../../../shared/definitions/dataset-users.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { Code } from '../../components/code.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';

const removeDataset = (client: EngineClient, name: string) => client.data.remove({ name });

export interface RemoveDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly dataset: Dataset;
}

/** Cannot be undone, so it names what will be lost. */
export function RemoveDialog({ opened, onClose, dataset }: RemoveDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const remove = useAction(removeDataset);
  const submit = async (): Promise<void> => {
    if ((await remove.run(dataset.name)) !== undefined) navigate('/data');
  };
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={t('data.removeTitle', { name: dataset.name })}
      error={remove.error}
      command={`falaj data rm ${dataset.name}`}
      action={{ label: t('data.remove'), busy: remove.busy, final: true, run: submit }}
    >
      <p>{t('data.removeText', { count: dataset.version, rows: format.integer(dataset.rows) })}</p>
      <Users dataset={dataset.name} asked={opened} />
    </ActionDialog>
  );
}

/** What cannot be computed any more without it. */
function Users({ dataset, asked }: { readonly dataset: string; readonly asked: boolean }) {
  const { t } = useTranslation();
  const views = useQuery('features', 'views', undefined, { enabled: asked });
  const trainings = useQuery('training', 'list', undefined, { enabled: asked });
  const users = datasetUsers(dataset, views.data ?? [], trainings.data ?? []);
  const names = [...users.views, ...users.trainings];
  if (names.length === 0) return null;
  return (
    <p>
      {t('data.removeUsers')} <Code>{names.join(', ')}</Code>
    </p>
  );
}
