import { Button, Modal, TextInput } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { EngineClient } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import classes from './data.module.css';

const startExport = (client: EngineClient, input: { readonly name: string; readonly file: string }) =>
  client.data.export(input);

export interface ExportDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly name: string;
}

/** Plaintext leaves the workspace here, so the dialog says so. */
export function ExportDialog({ opened, onClose, name }: ExportDialogProps) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const start = useAction(startExport);
  const [file, setFile] = useState('');
  const bridge = window.falajDesktop;
  const browse = async (): Promise<void> => {
    const path = await bridge?.saveFileDialog({ suggestedName: `${name}.parquet` });
    if (path !== undefined && path !== null) setFile(path);
  };
  const submit = async (): Promise<void> => {
    const started = await start.run({ name, file });
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('data.exportTitle', { name })}
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
        <p>{t('data.exportWarning')}</p>
        <div className={classes.files}>
          <TextInput
            label={t('data.exportFile')}
            placeholder={`/data/${name}.parquet`}
            dir="ltr"
            required
            data-autofocus
            value={file}
            onChange={(event) => setFile(event.currentTarget.value)}
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
          <CopyCommand command={`falaj data export ${name} ${file === '' ? 'FILE' : file}`} />
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={start.busy} disabled={file === ''}>
            {t('data.export')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
