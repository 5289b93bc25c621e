import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Dataset, EngineClient } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './data.module.css';

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
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('data.removeTitle', { name: dataset.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className={classes.form}>
        {remove.error === undefined ? null : <ErrorPanel error={remove.error} />}
        <p>{t('data.removeText', { count: dataset.version, rows: format.integer(dataset.rows) })}</p>
        <div className={classes.buttons}>
          <CopyCommand command={`falaj data rm ${dataset.name}`} />
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" loading={remove.busy} onClick={() => void submit()}>
            {t('data.remove')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
