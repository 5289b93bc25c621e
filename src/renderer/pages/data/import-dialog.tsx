import { Button, Modal, SegmentedControl, TagsInput, Textarea, TextInput } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Dataset, EngineClient, ImportMode } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { TABLE_EXTENSIONS } from '../../components/table-files.ts';
import { useAction } from '../../engine/use-action.ts';
import classes from './data.module.css';
import {
  canImport,
  emptyImportForm,
  type ImportForm,
  importCommand,
  pathsOf,
  suggestName,
  toImportInput,
} from './import-form.ts';

const MODES: readonly ImportMode[] = ['replace', 'append', 'upsert'];

const startImport = (client: EngineClient, form: ImportForm) => client.data.import(toImportInput(form));

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
          files: '',
          name: versionOf.name,
          mode: 'replace',
          keys: versionOf.keys.join(', '),
          eventTime: versionOf.eventTime ?? '',
          knownTime: versionOf.knownTime ?? '',
          labels: versionOf.labels,
          purposes: versionOf.purposes,
        },
  );
  const change = (part: Partial<ImportForm>): void => setForm((before) => ({ ...before, ...part }));
  const setFiles = (files: string): void => {
    const first = pathsOf(files)[0];
    const named = form.name !== '' && form.name !== suggestName(pathsOf(form.files)[0] ?? '');
    change(named || first === undefined ? { files } : { files, name: suggestName(first) });
  };
  const bridge = window.falajDesktop;
  const browse = async (): Promise<void> => {
    const paths = await bridge?.openFileDialog({
      title: t('data.chooseFiles'),
      multiple: true,
      filters: [{ name: t('data.tables'), extensions: TABLE_EXTENSIONS }],
    });
    if (paths !== undefined && paths.length > 0) setFiles(paths.join('\n'));
  };
  const submit = async (): Promise<void> => {
    const started = await start.run(form);
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {start.error === undefined ? null : <ErrorPanel error={start.error} />}
      <div className={classes.files}>
        <Textarea
          label={t('data.files')}
          description={t('data.filesHint')}
          placeholder="/data/flights.parquet"
          dir="ltr"
          autosize
          minRows={1}
          maxRows={5}
          required
          data-autofocus
          value={form.files}
          onChange={(event) => setFiles(event.currentTarget.value)}
        />
        {bridge === undefined ? null : (
          <Button variant="default" leftSection={<IconFolderOpen size={14} />} onClick={() => void browse()}>
            {t('common.browse')}
          </Button>
        )}
      </div>
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
        <TextInput
          label={t('data.keys')}
          description={t('data.keysHint')}
          placeholder="stop, line"
          dir="ltr"
          value={form.keys}
          onChange={(event) => change({ keys: event.currentTarget.value })}
        />
      ) : null}
      <div className={classes.pair}>
        <TextInput
          label={t('data.eventTime')}
          description={t('data.eventTimeHint')}
          placeholder="date"
          dir="ltr"
          value={form.eventTime}
          onChange={(event) => change({ eventTime: event.currentTarget.value })}
        />
        <TextInput
          label={t('data.knownTime')}
          description={t('data.knownTimeHint')}
          placeholder="arrived_at"
          dir="ltr"
          value={form.knownTime}
          onChange={(event) => change({ knownTime: event.currentTarget.value })}
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
