import { Autocomplete, Button, Modal, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Dataset, EngineClient, ImportMode } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import { AddConnection } from './add-connection.tsx';
import { type ConnectionChoice, chooseConnection, tableOnly } from './connection-choice.ts';
import { ConnectionSource } from './connection-source.tsx';
import classes from './data.module.css';
import { FileSource } from './file-source.tsx';
import {
  canImport,
  emptyImportForm,
  type ImportForm,
  importCommand,
  pathsOf,
  suggestName,
  toConnectedImport,
  toImportInput,
} from './import-form.ts';
import { SourcePeek } from './source-peek.tsx';
import { usePeek } from './use-peek.ts';

const MODES: readonly ImportMode[] = ['replace', 'append', 'upsert'];
const SOURCES: readonly ImportForm['source'][] = ['files', 'connection'];

const startImport = (client: EngineClient, form: ImportForm) =>
  form.source === 'files'
    ? client.data.import(toImportInput(form))
    : client.connections.import(toConnectedImport(form));

export interface ImportDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** A new version of this dataset: name and times are taken over. */
  readonly versionOf?: Dataset;
}

export function ImportDialog({ opened, onClose, versionOf }: ImportDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={
        versionOf === undefined ? t('data.importTitle') : t('data.newVersionOf', { name: versionOf.name })
      }
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <ImportFields onClose={onClose} versionOf={versionOf} />
    </Modal>
  );
}

function ImportFields({
  onClose,
  versionOf,
}: {
  readonly onClose: () => void;
  readonly versionOf: Dataset | undefined;
}) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const start = useAction(startImport);
  const [form, setForm] = useState<ImportForm>(() =>
    versionOf === undefined
      ? emptyImportForm
      : {
          ...emptyImportForm,
          name: versionOf.name,
          mode: 'replace',
          keys: versionOf.keys,
          eventTime: versionOf.eventTime ?? '',
          knownTime: versionOf.knownTime ?? '',
          labels: versionOf.labels,
          purposes: versionOf.purposes,
        },
  );
  const change = (part: Partial<ImportForm>): void => setForm((before) => ({ ...before, ...part }));
  const [addingConnection, setAddingConnection] = useState(false);
  const peek = usePeek(form);
  const columns = peek.table?.columns ?? [];
  const times = columns.filter(({ type }) => type === 'timestamp' || type === 'date').map(({ name }) => name);
  /** Takes the suggested name along until a person has chosen another. */
  const setSource = (part: Pick<ImportForm, 'files'> | Pick<ImportForm, 'from'>): void =>
    setForm((before) => {
      const after = { ...before, ...part };
      const named = before.name !== '' && before.name !== suggestedName(before);
      return named ? after : { ...after, name: suggestedName(after) };
    });
  const submit = async (): Promise<void> => {
    const started = await start.run(form);
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  if (addingConnection) {
    return (
      <AddConnection
        onCancel={() => setAddingConnection(false)}
        onAdded={(added) => {
          setSource({ from: chooseConnection(added) });
          setAddingConnection(false);
        }}
      />
    );
  }
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {start.error === undefined ? null : <ErrorPanel error={start.error} />}
      <SegmentedControl<ImportForm['source']>
        aria-label={t('data.from')}
        data={SOURCES.map((source) => ({ value: source, label: t(`data.sources.${source}`) }))}
        value={form.source}
        onChange={(source) => change({ source })}
      />
      {form.source === 'files' ? (
        <FileSource files={form.files} onChange={(files) => setSource({ files })} />
      ) : (
        <ConnectionSource
          choice={form.from}
          onChange={(from: ConnectionChoice) => setSource({ from })}
          onAdd={() => setAddingConnection(true)}
        />
      )}
      <SourcePeek peek={peek} />
      <TextInput
        label={t('data.name')}
        description={t('data.nameHint')}
        dir="ltr"
        required
        disabled={versionOf !== undefined}
        value={form.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <div>
        <SegmentedControl<ImportMode>
          aria-label={t('data.mode')}
          data={MODES.map((mode) => ({ value: mode, label: t(`data.modes.${mode}`) }))}
          value={form.mode}
          onChange={(mode) => change({ mode })}
        />
        <p className={classes.hint}>{t(`data.modeHints.${form.mode}`)}</p>
      </div>
      {form.mode === 'upsert' ? (
        <TagsInput
          label={t('data.keys')}
          description={t('data.keysHint')}
          placeholder={form.keys.length === 0 ? 'stop, line' : ''}
          dir="ltr"
          data={columns.map(({ name }) => name)}
          value={[...form.keys]}
          onChange={(keys) => change({ keys })}
        />
      ) : null}
      <div className={classes.pair}>
        <Autocomplete
          label={t('data.eventTime')}
          description={t('data.eventTimeHint')}
          placeholder="date"
          dir="ltr"
          data={times}
          value={form.eventTime}
          onChange={(eventTime) => change({ eventTime })}
        />
        <Autocomplete
          label={t('data.knownTime')}
          description={t('data.knownTimeHint')}
          placeholder="arrived_at"
          dir="ltr"
          data={times}
          value={form.knownTime}
          onChange={(knownTime) => change({ knownTime })}
        />
      </div>
      <div className={classes.pair}>
        <TagsInput
          label={t('data.labels')}
          placeholder="internal"
          value={[...form.labels]}
          onChange={(labels) => change({ labels })}
        />
        <TagsInput
          label={t('data.purposes')}
          value={[...form.purposes]}
          onChange={(purposes) => change({ purposes })}
        />
      </div>
      <div className={classes.buttons}>
        <CopyCommand command={importCommand(form)} />
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" loading={start.busy} disabled={!canImport(form)}>
          {t('data.import')}
        </Button>
      </div>
    </form>
  );
}

/** A name after what is imported; empty when nothing tells. */
function suggestedName({ source, files, from }: ImportForm): string {
  if (source === 'files') return suggestName(pathsOf(files)[0] ?? '');
  if (from.kind === 's3') return suggestName(from.objects[0] ?? '');
  return from.reading === 'table' ? suggestName(tableOnly(from.table)) : '';
}
