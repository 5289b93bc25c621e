import { Button } from '@mantine/core';
import { IconArrowLeft, IconPlayerStop, IconStethoscope } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearch } from 'wouter';
import type { EngineClient, SetCheck } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { useJob } from '../../shell/use-job.ts';
import { addressOf, type BuildForm, canCheck, checkCommand, formOf, inputOf } from './build-form.ts';
import { BuildPanel } from './build-panel.tsx';
import { CheckResult } from './check-result.tsx';
import { EntitiesFields, KnownFields } from './entities-fields.tsx';
import { FeaturePicker } from './feature-picker.tsx';
import classes from './training-sets.module.css';

const check = (client: EngineClient, form: BuildForm) =>
  client.features.check({ ...inputOf(form), ...(form.label === '' ? {} : { label: form.label }) });

/** `/features/~training-sets/build?service=…&entities=…`: choose, check, build. The address holds the form. */
export function BuildPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const form = formOf(useSearch());
  const checking = useJob<BuildForm, SetCheck>(check);
  const { job, result, busy, error } = checking;
  const change = (part: Partial<BuildForm>): BuildForm => {
    const changed = { ...form, ...part };
    navigate(addressOf(changed), { replace: true });
    return changed;
  };
  const checked = result === undefined ? undefined : checking.input;
  const isStale = checked !== undefined && addressOf(checked) !== addressOf(form);
  const leaks = result?.warnings.filter(({ severity }) => severity === 'leak').length ?? 0;
  return (
    <div className={classes.page}>
      <PageHeader
        title={t('trainingSets.buildTitle')}
        subtitle={t('trainingSets.lead')}
        actions={
          <Button
            component={Link}
            href="/features/~training-sets"
            variant="default"
            leftSection={<IconArrowLeft size={14} className={classes.arrow} />}
          >
            {t('trainingSets.title')}
          </Button>
        }
      />
      <div className={classes.columnsLayout}>
        <form
          className={classes.aside}
          onSubmit={(event) => {
            event.preventDefault();
            void checking.start(form);
          }}
        >
          <FeaturePicker form={form} onChange={change} />
          <EntitiesFields form={form} onChange={change} />
          <KnownFields form={form} onChange={change} />
          <div className={classes.actions}>
            <CopyCommand command={checkCommand(form)} />
            {busy ? (
              <Button variant="default" leftSection={<IconPlayerStop size={14} />} onClick={checking.cancel}>
                {t('common.cancel')}
              </Button>
            ) : null}
            <Button
              type="submit"
              leftSection={<IconStethoscope size={14} />}
              loading={busy}
              disabled={!canCheck(form)}
            >
              {t('trainingSets.check')}
            </Button>
          </div>
        </form>
        <div className={classes.main}>
          {busy && job !== undefined ? (
            <div className={classes.pad}>
              <ProgressBar fraction={job.progress?.fraction ?? null} label={job.title} />
            </div>
          ) : null}
          {error === undefined ? null : (
            <div className={classes.pad}>
              <ErrorPanel error={error} />
            </div>
          )}
          {result === undefined || job === undefined || checked === undefined ? (
            busy ? null : (
              <EmptyState
                icon={IconStethoscope}
                title={t('trainingSets.emptyTitle')}
                text={t('trainingSets.emptyText')}
                command={checkCommand(form)}
              />
            )
          ) : (
            <CheckResult
              job={job.id}
              check={result}
              form={form}
              checked={checked}
              onApply={(part) => void checking.start(change(part))}
            />
          )}
          <BuildPanel form={form} leaks={isStale ? 0 : leaks} />
        </div>
      </div>
    </div>
  );
}
