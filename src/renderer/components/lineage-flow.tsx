import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { LineageGraph, LineageNode } from '../../shared/contract/types.ts';
import { Code, VersionedName } from './code.tsx';
import { FlowLine, FlowSteps } from './flow-steps.tsx';
import classes from './lineage-flow.module.css';

/** In the direction of the flow. Training sets in files end it; those of runs lead on to models. */
const STEPS = [
  { kind: 'dataset', title: 'features.lineageData' },
  { kind: 'view', title: 'features.views' },
  { kind: 'service', title: 'features.services' },
  { kind: 'training-set', title: 'features.lineageSets' },
  { kind: 'run', title: 'rooms.runs' },
  { kind: 'model', title: 'rooms.models' },
] as const satisfies readonly { kind: LineageNode['kind']; title: Parameters<TFunction>[0] }[];

const ID_DIGITS = 12;

/** From data to models: every node a link to its page, what was asked for standing out. */
export function LineageFlow({ graph }: { readonly graph: LineageGraph }) {
  const { t } = useTranslation();
  const roots = new Set(graph.roots);
  return (
    <FlowSteps
      steps={STEPS.map(({ kind, title }) => {
        const nodes = graph.nodes.filter((node) => node.kind === kind);
        return {
          title: t(title),
          content:
            nodes.length === 0 ? (
              <span className={classes.none}>{t('features.lineageNone')}</span>
            ) : (
              nodes.map((node) => (
                <FlowLine key={node.id}>
                  <NodeLink node={node} isRoot={roots.has(node.id)} />
                </FlowLine>
              ))
            ),
        };
      })}
    />
  );
}

function NodeLink({ node, isRoot }: { readonly node: LineageNode; readonly isRoot: boolean }) {
  const isId = node.kind === 'training-set' || node.kind === 'run';
  const label = (
    <>
      {isId ? (
        <Code>{node.name.slice(0, ID_DIGITS)}</Code>
      ) : node.version === null ? (
        <bdi>{node.name}</bdi>
      ) : (
        <VersionedName name={node.name} version={node.version} />
      )}
      {node.title === null ? null : (
        <>
          {' '}
          <bdi>{node.title}</bdi>
        </>
      )}
    </>
  );
  if (isRoot) return <b>{label}</b>;
  return (
    <Link href={addressOf(node)} className={classes.link}>
      {label}
    </Link>
  );
}

function addressOf({ kind, name, version }: LineageNode): string {
  const address = encodeURIComponent(name);
  switch (kind) {
    case 'dataset':
      return `/data/${address}`;
    case 'view':
      return `/features/${address}`;
    case 'service':
      return `/features/~services/${address}`;
    case 'training-set':
      return `/features/~training-sets/${address}`;
    case 'run':
      return `/runs/${address}`;
    case 'model':
      return `/models/${address}/${String(version)}`;
  }
}
