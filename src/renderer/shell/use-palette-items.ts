import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useEngine } from '../engine/engine-context.tsx';
import { useQuery } from '../engine/use-query.ts';
import { usePreferencesStore } from '../i18n/preferences-context.tsx';
import { rowCountText } from '../i18n/row-count.ts';
import { useFormat } from '../i18n/use-format.ts';
import { jobKindText } from './job-presentation.ts';
import { lockWorkspace } from './lock-workspace.ts';
import { ROOMS } from './navigation.ts';
import type { PaletteItem } from './palette-items.ts';

/** Commands and objects, gathered while the palette is open. */
export function usePaletteItems(opened: boolean, onKeyMap: () => void): readonly PaletteItem[] {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const preferences = usePreferencesStore();
  const [, navigate] = useLocation();
  const asked = { enabled: opened };
  const datasets = useQuery('data', 'list', undefined, asked).data;
  const models = useQuery('models', 'list', undefined, asked).data;
  const runs = useQuery('runs', 'list', { limit: 200 }, asked).data;
  const views = useQuery('features', 'views', undefined, asked).data;
  const services = useQuery('features', 'services', undefined, asked).data;
  const trainings = useQuery('training', 'list', undefined, asked).data;
  const jobs = useQuery('jobs', 'list', { limit: 200 }, asked).data;
  return useMemo(() => {
    const go = (href: string) => () => navigate(href);
    const command = (id: string, title: string, run: () => void, keys?: readonly string[]): PaletteItem => ({
      id: `command:${id}`,
      group: 'commands',
      title,
      detail: '',
      run,
      ...(keys === undefined ? {} : { keys }),
    });
    const items: PaletteItem[] = ROOMS.map((room) => ({
      id: `room:${room.id}`,
      group: 'rooms',
      title: t(`rooms.${room.id}`),
      detail: '',
      keys: ['g', room.key],
      run: go(room.href),
    }));
    items.push(
      command('import', t('commands.import'), go('/data/~import')),
      command('demo', t('commands.demo'), go('/demo')),
      command('apply', t('commands.apply'), go('/features/~apply')),
      command('trainingSet', t('trainingSets.buildTitle'), go('/features/~training-sets/build')),
      command('drift', t('commands.checkDrift'), go('/drift/new')),
      command('verify', t('commands.verifyDevices'), () => {
        void engine.client.devices.verify().then(({ job }) => navigate(`/jobs/${job}`));
      }),
      command('theme', t('commands.toggleTheme'), () => {
        const dark = document.documentElement.dataset['mantineColorScheme'] === 'dark';
        preferences.setState({ theme: dark ? 'light' : 'dark' });
      }),
      command('language', t('commands.switchLanguage'), () =>
        preferences.setState(({ language }) => ({ language: language === 'en' ? 'ar' : 'en' })),
      ),
      command('density', t('commands.toggleDensity'), () =>
        preferences.setState(({ density }) => ({ density: density === 'dense' ? 'comfortable' : 'dense' })),
      ),
      command('keys', t('commands.keyMap'), onKeyMap, ['?']),
      command('lock', t('commands.lock'), () => void lockWorkspace(engine)),
    );
    for (const training of trainings ?? []) {
      items.push(
        command(`train:${training.name}`, t('commands.train', { name: training.name }), () => {
          void engine.client.training
            .start({ name: training.name })
            .then(({ job }) => navigate(`/jobs/${job}`));
        }),
      );
    }
    for (const { name, rows } of datasets ?? []) {
      items.push({
        id: `data:${name}`,
        group: 'data',
        title: name,
        detail: rowCountText(t, format, rows),
        run: go(`/data/${name}`),
      });
    }
    for (const { name, latestVersion } of models ?? []) {
      items.push({
        id: `model:${name}`,
        group: 'models',
        title: name,
        detail: latestVersion === 0 ? '' : `v${String(latestVersion)}`,
        run: go(latestVersion === 0 ? `/models/${name}` : `/models/${name}/${String(latestVersion)}`),
      });
    }
    for (const { definition } of views ?? []) {
      items.push({
        id: `view:${definition.name}`,
        group: 'features',
        title: definition.name,
        detail: definition.entities.join(', '),
        run: go(`/features/${definition.name}`),
      });
    }
    for (const { name } of services ?? []) {
      items.push({
        id: `service:${name}`,
        group: 'features',
        title: name,
        detail: t('features.service.one'),
        run: go(`/features/~services/${name}`),
      });
    }
    for (const run of runs ?? []) {
      items.push({
        id: `run:${run.id}`,
        group: 'runs',
        title: run.name,
        detail: run.experiment,
        run: go(`/runs/${run.id}`),
      });
    }
    for (const job of jobs ?? []) {
      items.push({
        id: `job:${job.id}`,
        group: 'jobs',
        title: job.title,
        detail: jobKindText(t, job.kind),
        run: go(`/jobs/${job.id}`),
      });
    }
    return items;
  }, [
    t,
    format,
    engine,
    preferences,
    navigate,
    onKeyMap,
    datasets,
    models,
    runs,
    views,
    services,
    trainings,
    jobs,
  ]);
}
