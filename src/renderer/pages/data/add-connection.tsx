import { Button, PasswordInput, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Connection, EngineClient } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import {
  type ConnectionForm,
  canAdd,
  connectionCommand,
  emptyConnectionForm,
  secretOf,
  targetOf,
} from './connection-form.ts';
import classes from './data.module.css';

type NewConnection = Parameters<EngineClient['connections']['add']>[0];

const add = (client: EngineClient, input: NewConnection) => client.connections.add(input);
const KINDS = ['postgresql', 'duckdb', 'sqlite', 's3'] as const;

export interface AddConnectionProps {
  readonly onAdded: (connection: Connection) => void;
  readonly onCancel: () => void;
}

/** Where data lies and what opens it. Secrets are read out of their fields once, when they are sent. */
export function AddConnection({ onAdded, onCancel }: AddConnectionProps) {
  const { t } = useTranslation();
  const adding = useAction(add);
  const [form, setForm] = useState<ConnectionForm>(emptyConnectionForm);
  const change = (part: Partial<ConnectionForm>): void => setForm((before) => ({ ...before, ...part }));
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const secret = secretOf(form.kind, new FormData(event.currentTarget));
    const added = await adding.run({
      name: form.name,
      target: targetOf(form),
      ...(secret === undefined ? {} : { secret }),
    });
    if (added !== undefined) onAdded(added);
  };
  return (
    <form className={classes.form} autoComplete="off" onSubmit={(event) => void submit(event)}>
      {adding.error === undefined ? null : <ErrorPanel error={adding.error} />}
      <p className={classes.hint}>{t('connections.addHint')}</p>
      <SegmentedControl<ConnectionForm['kind']>
        aria-label={t('connections.kind')}
        data={KINDS.map((kind) => ({ value: kind, label: t(`connections.kinds.${kind}`) }))}
        value={form.kind}
        onChange={(kind) => change({ kind })}
      />
      <TextInput
        label={t('data.name')}
        description={t('data.nameHint')}
        dir="ltr"
        required
        data-autofocus
        value={form.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TargetFields form={form} change={change} />
      <div className={classes.buttons}>
        <CopyCommand command={connectionCommand(form)} />
        <Button variant="default" onClick={onCancel}>
          {t('common.back')}
        </Button>
        <Button type="submit" loading={adding.busy} disabled={!canAdd(form)}>
          {t('connections.add')}
        </Button>
      </div>
    </form>
  );
}

interface TargetFieldsProps {
  readonly form: ConnectionForm;
  readonly change: (part: Partial<ConnectionForm>) => void;
}

function TargetFields({ form, change }: TargetFieldsProps) {
  const { t } = useTranslation();
  const field = (
    name: 'host' | 'port' | 'database' | 'user' | 'path' | 'endpoint' | 'bucket' | 'region',
    placeholder: string,
  ) => (
    <TextInput
      label={t(`connections.fields.${name}`)}
      placeholder={placeholder}
      dir="ltr"
      required={name !== 'region'}
      value={form[name]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  if (form.kind === 'duckdb' || form.kind === 'sqlite')
    return field('path', form.kind === 'duckdb' ? '/data/notebook.duckdb' : '/data/app.db');
  return (
    <>
      {form.kind === 's3' ? (
        <>
          {field('endpoint', 'https://minio.example:9000')}
          <div className={classes.pair}>
            {field('bucket', 'lake')}
            {field('region', 'us-east-1')}
          </div>
          <div className={classes.pair}>
            <SecretField name="accessKey" required />
            <SecretField name="secretKey" required />
          </div>
        </>
      ) : (
        <>
          <div className={classes.pair}>
            {field('host', 'db.example')}
            {field('port', '5432')}
          </div>
          <div className={classes.pair}>
            {field('database', 'shop')}
            {field('user', 'reader')}
          </div>
          <SecretField name="password" required={false} />
          <Switch
            label={t('connections.tls')}
            description={t('connections.tlsHint')}
            checked={form.tls}
            onChange={(event) => change({ tls: event.currentTarget.checked })}
          />
        </>
      )}
      <Textarea
        label={t('connections.certificates')}
        placeholder="-----BEGIN CERTIFICATE-----"
        dir="ltr"
        autosize
        minRows={1}
        maxRows={4}
        spellCheck={false}
        value={form.certificates}
        onChange={(event) => change({ certificates: event.currentTarget.value })}
      />
    </>
  );
}

/** Nobody but the field holds what is typed: no state, no suggestion, no way to show it. */
function SecretField({
  name,
  required,
}: {
  readonly name: 'password' | 'accessKey' | 'secretKey';
  readonly required: boolean;
}) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      name={name}
      label={t(`connections.fields.${name}`)}
      dir="ltr"
      required={required}
      autoComplete="new-password"
      spellCheck={false}
      visible={false}
      visibilityToggleButtonProps={{ style: { display: 'none' } }}
    />
  );
}
