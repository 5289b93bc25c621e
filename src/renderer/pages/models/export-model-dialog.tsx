import { Button, Modal, TextInput } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { EngineClient, ModelVersion } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './models.module.css';

const exportModel = (client: EngineClient, input: { readonly reference: string; readonly dir: string }) =>
  client.models.export(input);

export interface ExportModelDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly model: ModelVersion;
}

/** Plaintext leaves the workspace here, so the dialog says so. */
export function ExportModelDialog({ opened, onClose, model }: ExportModelDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const start = useAction(exportModel);
  const [dir, setDir] = useState('');
  const reference = `${model.name}:${String(model.version)}`;
  const bridge = window.falajDesktop;
  const browse = async (): Promise<void> => {
    const [folder] = (await bridge?.openFileDialog({ title: t('models.chooseFolder'), folder: true })) ?? [];
    if (folder !== undefined) setDir(folder);
  };
  const submit = async (): Promise<void> => {
    const started = await start.run({ reference, dir });
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('models.exportTitle', { name: model.name, version: format.integer(model.version) })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {start.error === undefined ? null : <ErrorPanel error={start.error} />}
        <p>{t('models.exportText')}</p>
        <div className={classes.files}>
          <TextInput
            label={t('models.exportFolder')}
            placeholder={`/data/models/${model.name}`}
            dir="ltr"
            required
            data-autofocus
            value={dir}
            onChange={(event) => setDir(event.currentTarget.value)}
          />
          {bridge === undefined ? null : (
            <Button
              variant="default"
              leftSection={<IconFolderOpen size={14} />}
              onClick={() => void browse()}
            >
              {t('common.browse')}
            </Button>
          )}
        </div>
        <div className={classes.buttons}>
          <CopyCommand command={`falaj models export ${reference} ${dir === '' ? 'DIR' : `'${dir}'`}`} />
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={start.busy} disabled={dir === ''}>
            {t('models.exportNow')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
