import {
  IconAt,
  IconBinaryTree2,
  IconChartBar,
  IconPlugConnected,
  IconSignature,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ModelVerification, ModelVersion } from '../../../shared/contract/types.ts';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { judgingMetrics, metricLabel } from '../runs/verdict.ts';
import classes from './models.module.css';

export interface SealsProps {
  readonly model: ModelVersion;
  readonly verification: ModelVerification | undefined;
  readonly tab: string;
}

interface Seal {
  readonly tab: string;
  readonly icon: TablerIcon;
  readonly title: string;
  readonly tone: Tone;
  readonly word: string;
  readonly detail: string;
}

/** The claims of the passport, each leading to its evidence. */
export function Seals({ model, verification, tab }: SealsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { run, datasets, service } = model.lineage;
  const known = [run !== null, datasets.length > 0, service !== null].filter(Boolean).length;
  const main = judgingMetrics(model.metrics)[0];
  const verified = verification?.verified ?? model.verified;
  const seals: readonly Seal[] = [
    {
      tab: 'signature',
      icon: IconSignature,
      title: t('models.sealSignature'),
      tone: !model.signed ? 'attention' : verified ? 'good' : verification === undefined ? 'unknown' : 'bad',
      word: !model.signed
        ? t('models.unsigned')
        : verified
          ? t('models.verified')
          : verification === undefined
            ? t('models.signed')
            : t('models.broken'),
      detail: verified ? t('models.checkedNow') : t('models.signedNotChecked'),
    },
    {
      tab: 'lineage',
      icon: IconBinaryTree2,
      title: t('models.sealLineage'),
      tone: known === 3 ? 'good' : known === 0 ? 'attention' : 'unknown',
      word:
        known === 3
          ? t('models.lineageFull')
          : known === 0
            ? t('models.lineageNone')
            : t('models.lineagePart'),
      detail: datasets.map(({ name, version }) => `${name} v${String(version)}`).join(', '),
    },
    {
      tab: 'metrics',
      icon: IconChartBar,
      title: t('models.sealMetrics'),
      tone: main === undefined ? 'unknown' : 'good',
      word:
        main === undefined
          ? t('models.noMetrics')
          : `${metricLabel(main)} ${format.fixed(model.metrics[main]!, 3)}`,
      detail: t('models.metricCount', { count: Object.keys(model.metrics).length }),
    },
    {
      tab: 'interface',
      icon: IconPlugConnected,
      title: t('models.sealInterface'),
      tone: model.signature.inputs.length > 0 ? 'good' : 'unknown',
      word: t('models.inputsOutputs', {
        inputs: format.integer(model.signature.inputs.length),
        outputs: format.integer(model.signature.outputs.length),
      }),
      detail: model.signature.outputs.map(({ name }) => name).join(', '),
    },
    {
      tab: 'aliases',
      icon: IconAt,
      title: t('models.sealAliases'),
      tone: model.aliases.length > 0 ? 'good' : 'unknown',
      word:
        model.aliases.length > 0
          ? model.aliases.map((alias) => `\u2066@${alias}\u2069`).join(' ')
          : t('models.noAliases'),
      detail: t('models.compareVersion', { version: format.integer(model.version) }),
    },
  ];
  return (
    <nav className={classes.seals} aria-label={t('models.seals')}>
      {seals.map((seal) => (
        <Link
          key={seal.tab}
          href={`/models/${model.name}/${String(model.version)}/${seal.tab}`}
          className={classes.seal}
          aria-current={tab === seal.tab ? 'page' : undefined}
        >
          <span className={classes.sealTitle}>
            <seal.icon size={15} stroke={1.6} aria-hidden />
            {seal.title}
          </span>
          <StatusBadge tone={seal.tone} plain>
            {seal.word}
          </StatusBadge>
          <span className={classes.sealDetail}>
            <bdi>{seal.detail}</bdi>
          </span>
        </Link>
      ))}
    </nav>
  );
}
