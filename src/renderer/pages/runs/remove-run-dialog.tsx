import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { EngineClient, Run } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './runs.module.css';

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
  const remove = useAction(removeRun);
  const submit = async (): Promise<void> => {
    if ((await remove.run(run.id)) !== undefined) navigate('/runs');
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('runs.removeTitle', { name: run.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className={classes.form}>
        {remove.error === undefined ? null : <ErrorPanel error={remove.error} />}
        <p>
          {t('runs.removeText', {
            files: format.bytes(run.artifacts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
          })}
        </p>
        <div className={classes.buttons}>
          <CopyCommand command={`falaj runs rm ${run.id}`} />
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" loading={remove.busy} onClick={() => void submit()}>
            {t('runs.remove')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
