import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Dataset, EngineClient } from '../../../shared/contract/types.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { useAction } from '../../engine/use-action.ts';
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
    </ActionDialog>
  );
}
