import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Ago } from '../../components/time.tsx';
import { rowCountText } from '../../i18n/row-count.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ROOMS } from '../../shell/navigation.ts';
import { type FlowFacts, flowOf, type Station } from './flow.ts';
import classes from './flow-strip.module.css';

/** The falaj itself: one channel from data to decisions, each station a way in. */
export function FlowStrip({ facts }: { readonly facts: FlowFacts }) {
  const { t } = useTranslation();
  const stations = flowOf(facts);
  const last = stations.findLastIndex(({ reached }) => reached);
  return (
    <nav className={classes.strip} aria-label={t('overview.flow')}>
      {stations.map((station, place) => (
        <StationLink
          key={station.id}
          station={station}
          facts={facts}
          reached={place <= last}
          isLast={place === last}
        />
      ))}
    </nav>
  );
}

interface StationLinkProps {
  readonly station: Station;
  readonly facts: FlowFacts;
  readonly reached: boolean;
  readonly isLast: boolean;
}

function StationLink({ station, facts, reached, isLast }: StationLinkProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const room = ROOMS.find(({ id }) => id === station.id)!;
  const Icon = room.icon;
  const detail = useDetail(station, facts);
  return (
    <Link
      href={room.href}
      className={classes.station}
      data-reached={reached ? true : undefined}
      data-last={isLast ? true : undefined}
      data-working={station.working ? true : undefined}
    >
      <span className={classes.name}>
        <Icon size={15} stroke={1.6} aria-hidden />
        {t(`rooms.${station.id}`)}
      </span>
      <span className={classes.count}>{format.integer(station.count)}</span>
      <span className={classes.detail}>{detail}</span>
      <span className={classes.fresh}>
        {station.working ? (
          t('overview.working')
        ) : station.freshAt === null ? (
          t('overview.notYet')
        ) : (
          <Ago at={station.freshAt} />
        )}
      </span>
    </Link>
  );
}

/** The one figure that says most about a station. */
function useDetail(station: Station, facts: FlowFacts): string {
  const { t } = useTranslation();
  const format = useFormat();
  switch (station.id) {
    case 'data': {
      const rows = facts.datasets.reduce((sum, dataset) => sum + dataset.rows, 0);
      return rowCountText(t, format, rows);
    }
    case 'features':
      return t('overview.featureCount', {
        count: facts.views.reduce((sum, { definition }) => sum + definition.features.length, 0),
      });
    case 'runs': {
      const best = Math.max(...facts.runs.map(({ metrics }) => metrics['auc'] ?? Number.NEGATIVE_INFINITY));
      return Number.isFinite(best) ? t('overview.bestAuc', { value: format.fixed(best, 3) }) : '\u00a0';
    }
    case 'models':
      return t('overview.versionCount', {
        count: facts.models.reduce((sum, { versions }) => sum + versions, 0),
      });
    case 'drift': {
      const drifted = facts.checks.filter(({ drift }) => drift).length;
      return t('overview.driftFound', { count: drifted });
    }
  }
}
