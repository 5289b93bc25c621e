import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { EngineClient } from '../../../shared/contract/types.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { PathField } from '../../components/path-field.tsx';
import { useAction } from '../../engine/use-action.ts';

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
  const submit = async (): Promise<void> => {
    const started = await start.run({ name, file });
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={t('data.exportTitle', { name })}
      error={start.error}
      command={`falaj data export ${name} ${file === '' ? 'FILE' : file}`}
      action={{ label: t('data.export'), busy: start.busy, disabled: file === '', run: submit }}
    >
      <p>{t('data.exportWarning')}</p>
      <PathField
        label={t('data.exportFile')}
        placeholder={`/data/${name}.parquet`}
        value={file}
        onChange={setFile}
        browse={bridge && (() => bridge.saveFileDialog({ suggestedName: `${name}.parquet` }))}
      />
    </ActionDialog>
  );
}
