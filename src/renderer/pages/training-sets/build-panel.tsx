import { Button, Checkbox } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { EngineClient } from '../../../shared/contract/types.ts';
import { Code, Digest } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { PathField } from '../../components/path-field.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { useJob } from '../../shell/use-job.ts';
import { type BuildForm, buildCommand, canCheck, inputOf, receiptBeside } from './build-form.ts';
import classes from './training-sets.module.css';
import { VerifySet } from './verify-set.tsx';

type Historical = Parameters<EngineClient['features']['historical']>[0];

interface Built {
  readonly file: string;
  readonly rows: number;
  readonly receipt?: { readonly file: string; readonly id: string; readonly contentHash: string };
}

const build = (client: EngineClient, input: Historical) => client.features.historical(input);

export interface BuildPanelProps {
  readonly form: BuildForm;
  /** Leaks that the latest check found. */
  readonly leaks: number;
}

/** Writes the set and its receipt, and says what came of it. */
export function BuildPanel({ form, leaks }: BuildPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const building = useJob<Historical, Built>(build);
  const [out, setOut] = useState('');
  const [withReceipt, setWithReceipt] = useState(true);
  const bridge = window.falajDesktop;
  const receipt = !withReceipt ? null : out === '' ? '' : receiptBeside(out);
  const { result, job, busy, error } = building;
  const submit = (): void =>
    void building.start({ ...inputOf(form), out, ...(receipt === null ? {} : { receipt }) });
  return (
    <section className={classes.build} aria-label={t('trainingSets.buildTitle')}>
      <form
        className={classes.buildForm}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <PathField
          label={t('trainingSets.out')}
          placeholder="/data/set.parquet"
          value={out}
          onChange={setOut}
          browse={bridge && (() => bridge.saveFileDialog({ suggestedName: 'set.parquet' }))}
        />
        <Checkbox
          label={t('trainingSets.withReceipt')}
          checked={withReceipt}
          onChange={(event) => setWithReceipt(event.currentTarget.checked)}
        />
        <CopyCommand command={buildCommand(form, out, receipt)} />
        {busy ? (
          <Button variant="default" onClick={building.cancel}>
            {t('common.cancel')}
          </Button>
        ) : null}
        <Button
          type="submit"
          leftSection={<IconFileExport size={14} />}
          loading={busy}
          disabled={out === '' || !canCheck(form)}
          {...(leaks > 0 ? { color: 'red', variant: 'outline' } : {})}
        >
          {leaks > 0 ? t('trainingSets.buildAnyway', { count: leaks }) : t('trainingSets.buildIt')}
        </Button>
      </form>
      <p className={classes.hint}>
        {t('trainingSets.outWarning')}
        {receipt === null || receipt === '' ? null : (
          <>
            {' '}
            {t('trainingSets.receiptAt')} <Code>{receipt}</Code>
          </>
        )}
      </p>
      <div aria-live="polite" className={classes.built}>
        {busy && job !== undefined ? (
          <ProgressBar fraction={job.progress?.fraction ?? null} label={job.title} />
        ) : null}
        {error === undefined ? null : <ErrorPanel error={error} />}
        {result === undefined ? null : (
          <>
            <StatusBadge tone="good">
              {t('trainingSets.built', { rows: format.integer(result.rows) })}
            </StatusBadge>
            <Code>{result.file}</Code>
            {result.receipt === undefined ? null : (
              <>
                <Link href={`/features/~training-sets/${result.receipt.id}`} className={classes.link}>
                  {t('trainingSets.receipt')}
                </Link>
                <Digest value={result.receipt.contentHash} />
                <VerifySet id={result.receipt.id} />
              </>
            )}
          </>
        )}
      </div>
    </section>
  );
}
