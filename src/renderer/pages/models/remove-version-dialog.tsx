import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { EngineClient, ModelVersion } from '../../../shared/contract/types.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
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
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={t('models.removeTitle', { name, version: format.integer(version) })}
      error={remove.error}
      command={`falaj models rm ${name}:${String(version)}`}
      action={{
        label: t('models.remove'),
        busy: remove.busy,
        disabled: aliases.length > 0,
        final: true,
        run: submit,
      }}
    >
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
    </ActionDialog>
  );
}
