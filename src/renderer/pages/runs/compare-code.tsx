import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run, RunCode } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { DiffView } from '../../components/diff-view.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './compare-code.module.css';

/** What two of the runs were started from: command, commit, changes since, packages, machine. */
export function CompareCode({ runs }: { readonly runs: readonly Run[] }) {
  const { t } = useTranslation();
  const [first, setFirst] = useState(runs[0]!.id);
  const [second, setSecond] = useState((runs[1] ?? runs[0]!).id);
  const options = runs.map(({ id, name }) => ({ value: id, label: `${name} ${id.slice(0, 8)}` }));
  const before = useQuery('scripts', 'code', { id: first });
  const after = useQuery('scripts', 'code', { id: second });
  return (
    <div className={classes.code}>
      <div className={classes.pair}>
        <Select
          label={t('runs.code.before')}
          data={options}
          value={first}
          allowDeselect={false}
          searchable
          onChange={(id) => setFirst(id ?? first)}
        />
        <Select
          label={t('runs.code.after')}
          data={options}
          value={second}
          allowDeselect={false}
          searchable
          onChange={(id) => setSecond(id ?? second)}
        />
      </div>
      <Loaded query={before}>
        {(one) => <Loaded query={after}>{(two) => <Pair before={one} after={two} />}</Loaded>}
      </Loaded>
    </div>
  );
}

function Pair({ before, after }: { readonly before: RunCode | null; readonly after: RunCode | null }) {
  const { t } = useTranslation();
  if (before === null && after === null) return <p className={classes.none}>{t('runs.code.none')}</p>;
  const fact = (title: string, of: (code: RunCode) => string | null | undefined) => ({
    title,
    before: before === null ? null : (of(before) ?? null),
    after: after === null ? null : (of(after) ?? null),
  });
  const facts = [
    fact(t('runs.code.command'), ({ command }) => command.join(' ')),
    fact(t('runs.code.commit'), ({ git }) => git?.commit),
    fact(t('runs.code.branch'), ({ git }) => git?.branch),
    fact(t('runs.code.remote'), ({ git }) => git?.remote),
    fact(t('runs.code.untracked'), ({ git }) => git?.untracked.join(', ')),
    fact(t('runs.code.packagesBy'), ({ packages }) => packages?.by),
    fact(t('runs.code.platform'), ({ machine }) => machine.platform),
    fact(t('runs.code.processor'), ({ machine }) => `${machine.processor} × ${String(machine.cores)}`),
  ];
  const [commit, otherCommit] = [before?.git?.commit, after?.git?.commit];
  return (
    <>
      <table className={classes.facts}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('runs.code.before')}</th>
            <th scope="col">{t('runs.code.after')}</th>
          </tr>
        </thead>
        <tbody>
          {facts.map((row) => (
            <tr key={row.title} data-differs={row.before === row.after ? undefined : true}>
              <th scope="row">
                {row.title}
                {row.before === row.after ? null : (
                  <span className={classes.differs}>{t('runs.code.differs')}</span>
                )}
              </th>
              <td>{row.before === null ? '–' : <Code>{row.before}</Code>}</td>
              <td>{row.after === null ? '–' : <Code>{row.after}</Code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>
        {t('runs.code.changes')}
        {commit === undefined || otherCommit === undefined || commit === otherCommit ? null : (
          <CopyCommand command={`git diff ${commit} ${otherCommit}`} />
        )}
      </h2>
      <DiffView
        label={t('runs.code.changes')}
        before={before?.git?.diff ?? ''}
        after={after?.git?.diff ?? ''}
        none={t('runs.code.sameChanges')}
      />
      <h2>{t('runs.code.packages')}</h2>
      <DiffView
        label={t('runs.code.packages')}
        before={before?.packages?.list ?? ''}
        after={after?.packages?.list ?? ''}
        none={t('runs.code.samePackages')}
      />
    </>
  );
}
