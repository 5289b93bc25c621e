import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Code } from '../../components/code.tsx';
import { cx } from '../../components/cx.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { actionText } from '../audit/audit-presentation.ts';
import classes from './overview.module.css';

/** The newest lines of the audit log: who did what. */
export function ActivityPanel() {
  const { t } = useTranslation();
  const audit = useQuery('audit', 'list', { limit: 12 });
  return (
    <section className={classes.panel} aria-labelledby="activity">
      <div className={classes.panelHead}>
        <h2 id="activity">{t('overview.activity')}</h2>
        <Link href="/audit">{t('overview.wholeLog')}</Link>
      </div>
      <Loaded query={audit}>
        {({ entries }) =>
          entries.map((entry) => (
            <Link
              key={entry.sequence}
              href={`/audit/${String(entry.sequence)}`}
              className={cx(classes.line, classes.activity)}
            >
              <span className={classes.lineText}>{actionText(t, entry.action)}</span>
              <span className={classes.lineText}>
                <Code>{entry.object}</Code>
              </span>
              <span className={classes.soft}>
                <Ago at={entry.at} />
              </span>
            </Link>
          ))
        }
      </Loaded>
    </section>
  );
}
