import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { EngineClient, ModelVersion } from '../../../shared/contract/types.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { PathField } from '../../components/path-field.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useFormat } from '../../i18n/use-format.ts';

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
  const browse =
    bridge &&
    (async (): Promise<string | null> => {
      const [folder] = await bridge.openFileDialog({ title: t('models.chooseFolder'), folder: true });
      return folder ?? null;
    });
  const submit = async (): Promise<void> => {
    const started = await start.run({ reference, dir });
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={t('models.exportTitle', { name: model.name, version: format.integer(model.version) })}
      error={start.error}
      command={`falaj models export ${reference} ${dir === '' ? 'DIR' : `'${dir}'`}`}
      action={{ label: t('models.exportNow'), busy: start.busy, disabled: dir === '', run: submit }}
    >
      <p>{t('models.exportText')}</p>
      <PathField
        label={t('models.exportFolder')}
        placeholder={`/data/models/${model.name}`}
        value={dir}
        onChange={setDir}
        browse={browse}
      />
    </ActionDialog>
  );
}
