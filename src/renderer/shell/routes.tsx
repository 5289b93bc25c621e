import { IconMapOff } from '@tabler/icons-react';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Switch } from 'wouter';
import { EmptyState } from '../components/empty-state.tsx';

const Overview = lazy(() =>
  import('../pages/overview/overview-page.tsx').then((page) => ({ default: page.OverviewPage })),
);
const Data = lazy(() => import('../pages/data/data-page.tsx').then((page) => ({ default: page.DataPage })));
const Features = lazy(() =>
  import('../pages/features/features-page.tsx').then((page) => ({ default: page.FeaturesPage })),
);
const TrainingSets = lazy(() =>
  import('../pages/training-sets/training-sets-page.tsx').then((page) => ({
    default: page.TrainingSetsPage,
  })),
);
const Training = lazy(() =>
  import('../pages/training/training-page.tsx').then((page) => ({ default: page.TrainingPage })),
);
const Runs = lazy(() => import('../pages/runs/runs-page.tsx').then((page) => ({ default: page.RunsPage })));
const Models = lazy(() =>
  import('../pages/models/models-page.tsx').then((page) => ({ default: page.ModelsPage })),
);
const Drift = lazy(() =>
  import('../pages/drift/drift-page.tsx').then((page) => ({ default: page.DriftPage })),
);
const Jobs = lazy(() => import('../pages/jobs/jobs-page.tsx').then((page) => ({ default: page.JobsPage })));
const Devices = lazy(() =>
  import('../pages/devices/devices-page.tsx').then((page) => ({ default: page.DevicesPage })),
);
const Audit = lazy(() =>
  import('../pages/audit/audit-page.tsx').then((page) => ({ default: page.AuditPage })),
);
const Demo = lazy(() => import('../pages/demo/demo-page.tsx').then((page) => ({ default: page.DemoPage })));

/**
 * Every room, each loaded when first entered. A room reads the rest of its address itself. A fixed word where a name may stand
 * begins with `~`, which no name does.
 */
export function Routes() {
  return (
    <Switch>
      <Route path="/" component={Overview} />
      <Route path="/data/:name?/:tab?" component={Data} />
      <Route path="/features/~services/:service?/:tab?" component={Features} />
      <Route path="/features/~training-sets/:id?" component={TrainingSets} />
      <Route path="/features/:name?/:tab?" component={Features} />
      <Route path="/training/:name?" component={Training} />
      <Route path="/runs/:id?/:tab?" component={Runs} />
      <Route path="/models/:name?/:version?/:tab?" component={Models} />
      <Route path="/drift/:id?" component={Drift} />
      <Route path="/jobs/:id?" component={Jobs} />
      <Route path="/devices" component={Devices} />
      <Route path="/audit/:sequence?" component={Audit} />
      <Route path="/demo" component={Demo} />
      <Route component={NotFound} />
    </Switch>
  );
}

function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={IconMapOff}
      title={t('notFound.title')}
      text={t('notFound.text')}
      action={<Link href="/">{t('rooms.overview')}</Link>}
    />
  );
}
