import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { EngineClient, ModelVersion } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './models.module.css';

const removeVersion = (client: EngineClient, input: { readonly name: string; readonly version: number }) =>
  client.models.remove(input);

export interface RemoveVersionDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly model: ModelVersion;
}

/** Cannot be undone, so it names what will be lost; a version that an alias points at stays. */
export function RemoveVersionDialog({ opened, onClose, model }: RemoveVersionDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const remove = useAction(removeVersion);
  const { name, version, files, aliases } = model;
  const submit = async (): Promise<void> => {
    if ((await remove.run({ name, version })) !== undefined) navigate('/models');
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('models.removeTitle', { name, version: format.integer(version) })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className={classes.form}>
        {remove.error === undefined ? null : <ErrorPanel error={remove.error} />}
        <p>
          {t('models.removeText', {
            files: t('models.fileCount', { count: files.length }),
            size: format.bytes(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
          })}
        </p>
        {aliases.length === 0 ? null : (
          <p className={classes.warning}>
            {t('models.removeAliases', {
              aliases: aliases.map((alias) => `\u2066@${alias}\u2069`).join(' '),
            })}
          </p>
        )}
        <div className={classes.buttons}>
          <CopyCommand command={`falaj models rm ${name}:${String(version)}`} />
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button
            color="red"
            loading={remove.busy}
            disabled={aliases.length > 0}
            onClick={() => void submit()}
          >
            {t('models.remove')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
