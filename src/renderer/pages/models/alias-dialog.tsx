import { Autocomplete } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineClient, ModelVersion } from '../../../shared/contract/types.ts';
import { NAME_PATTERN } from '../../../shared/names.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './models.module.css';

const setAlias = (
  client: EngineClient,
  input: { readonly name: string; readonly alias: string; readonly version: number },
) => client.models.alias(input);

const USUAL = ['champion', 'challenger', 'candidate', 'production', 'staging'];

export interface AliasDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly model: ModelVersion;
}

/** Says before it happens from which version the alias moves away. */
export function AliasDialog({ opened, onClose, model }: AliasDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const models = useQuery('models', 'list', undefined, { enabled: opened });
  const assign = useAction(setAlias);
  const [alias, setAliasName] = useState('');
  const aliases = models.data?.find(({ name }) => name === model.name)?.aliases ?? {};
  const target = aliases[alias];
  const allowed = NAME_PATTERN.test(alias) && target !== model.version;
  const submit = async (): Promise<void> => {
    const { name, version } = model;
    if ((await assign.run({ name, alias, version })) !== undefined) {
      setAliasName('');
      onClose();
    }
  };
  const consequence = !NAME_PATTERN.test(alias)
    ? null
    : target === undefined
      ? t('models.aliasNew', { alias })
      : target === model.version
        ? t('models.aliasHere', { alias })
        : t('models.aliasMoves', { alias, from: format.integer(target) });
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={t('models.aliasTitle', { version: format.integer(model.version) })}
      error={assign.error}
      command={`falaj models alias ${model.name} ${alias === '' ? 'ALIAS' : alias} ${String(model.version)}`}
      action={{ label: t('models.assign'), busy: assign.busy, disabled: !allowed, run: submit }}
    >
      <Autocomplete
        label={t('models.aliasName')}
        description={t('models.aliasHint')}
        dir="ltr"
        required
        data-autofocus
        data={[...new Set([...Object.keys(aliases), ...USUAL])]}
        value={alias}
        onChange={setAliasName}
      />
      <p className={classes.consequence} role="status">
        {consequence}
      </p>
    </ActionDialog>
  );
}
