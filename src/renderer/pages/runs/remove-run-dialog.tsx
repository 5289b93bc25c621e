import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { EngineClient, Run } from '../../../shared/contract/types.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { useListAddress } from '../../components/list-address.ts';
import { useAction } from '../../engine/use-action.ts';
import { useFormat } from '../../i18n/use-format.ts';

const removeRun = (client: EngineClient, id: string) => client.runs.remove({ id });

export interface RemoveRunDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly run: Run;
}

/** Cannot be undone, so it names what will be lost. */
export function RemoveRunDialog({ opened, onClose, run }: RemoveRunDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const { within } = useListAddress();
  const remove = useAction(removeRun);
  const submit = async (): Promise<void> => {
    if ((await remove.run(run.id)) !== undefined) navigate(within('/runs'));
  };
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={t('runs.removeTitle', { name: run.name })}
      error={remove.error}
      command={`falaj runs rm ${run.id}`}
      action={{ label: t('runs.remove'), busy: remove.busy, final: true, run: submit }}
    >
      <p>
        {t('runs.removeText', {
          files: format.bytes(run.artifacts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
        })}
      </p>
    </ActionDialog>
  );
}
