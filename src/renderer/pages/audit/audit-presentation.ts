import type { TFunction } from 'i18next';
import type { AuditEntry } from '../../../shared/contract/types.ts';
import type { Tone } from '../../components/status-badge.tsx';

export const RESULT_TONES: Readonly<Record<AuditEntry['result'], Tone>> = {
  done: 'good',
  refused: 'attention',
  failed: 'bad',
};

/** The rooms whose actions can be asked for alone: the part of an action before its dot. */
export const AUDIT_ROOMS = [
  'workspace',
  'vault',
  'data',
  'connection',
  'definition',
  'features',
  'experiment',
  'run',
  'token',
  'model',
  'signature',
  'drift',
] as const;

const ACTIONS = {
  'workspace.create': 'audit.actions.workspaceCreate',
  'workspace.unlock': 'audit.actions.workspaceUnlock',
  'workspace.lock': 'audit.actions.workspaceLock',
  'vault.change-passphrase': 'audit.actions.passphraseChange',
  'vault.replace-recovery-key': 'audit.actions.recoveryKeyReplace',
  'data.import': 'audit.actions.dataImport',
  'data.export': 'audit.actions.dataExport',
  'data.remove': 'audit.actions.dataRemove',
  'connection.add': 'audit.actions.connectionAdd',
  'connection.use': 'audit.actions.connectionUse',
  'connection.remove': 'audit.actions.connectionRemove',
  'definition.create': 'audit.actions.definitionCreate',
  'definition.update': 'audit.actions.definitionUpdate',
  'definition.delete': 'audit.actions.definitionDelete',
  'features.historical': 'audit.actions.featuresHistorical',
  'features.receipt': 'audit.actions.featuresReceipt',
  'features.materialize': 'audit.actions.featuresMaterialize',
  'features.push': 'audit.actions.featuresPush',
  'features.skew': 'audit.actions.featuresSkew',
  'run.start': 'audit.actions.runStart',
  'run.script': 'audit.actions.runScript',
  'run.artifact': 'audit.actions.runArtifact',
  'run.finish': 'audit.actions.runFinish',
  'run.remove': 'audit.actions.runRemove',
  'run.delete': 'audit.actions.runDelete',
  'run.restore': 'audit.actions.runRestore',
  'run.artifact-remove': 'audit.actions.runArtifactRemove',
  'run.model': 'audit.actions.runModel',
  'run.model-remove': 'audit.actions.runModelRemove',
  'run.export': 'audit.actions.runExport',
  'experiment.create': 'audit.actions.experimentCreate',
  'experiment.rename': 'audit.actions.experimentRename',
  'experiment.delete': 'audit.actions.experimentDelete',
  'experiment.restore': 'audit.actions.experimentRestore',
  'token.create': 'audit.actions.tokenCreate',
  'token.revoke': 'audit.actions.tokenRevoke',
  'model.register': 'audit.actions.modelRegister',
  'model.alias': 'audit.actions.modelAlias',
  'model.export': 'audit.actions.modelExport',
  'model.predict': 'audit.actions.modelPredict',
  'model.explain': 'audit.actions.modelExplain',
  'model.remove': 'audit.actions.modelRemove',
  'model.create': 'audit.actions.modelCreate',
  'model.rename': 'audit.actions.modelRename',
  'model.remove-name': 'audit.actions.modelRemoveName',
  'model.alias.remove': 'audit.actions.modelAliasRemove',
  'model.describe': 'audit.actions.modelDescribe',
  'model.tag': 'audit.actions.modelTag',
  'model.tag-remove': 'audit.actions.modelTagRemove',
  'model.stage': 'audit.actions.modelStage',
  'model.download': 'audit.actions.modelDownload',
  'signature.create': 'audit.actions.signatureCreate',
  'signing-key.create': 'audit.actions.signingKeyCreate',
  'drift.check': 'audit.actions.driftCheck',
  'clock.stepped-back': 'audit.actions.clockSteppedBack',
} as const;

const isKnownAction = (action: string): action is keyof typeof ACTIONS => Object.hasOwn(ACTIONS, action);

/** What was done in the person's language; an unknown action shows its own name. */
export const actionText = (t: TFunction, action: string): string =>
  isKnownAction(action) ? t(ACTIONS[action]) : action;

/** The page of what an entry speaks of, where it has one. */
export function auditTarget(object: string): string | null {
  const [, kind, name] = /^([^/]+)\/(.+)$/.exec(object) ?? [];
  if (kind === undefined || name === undefined) return null;
  const address = encodeURIComponent(name);
  switch (kind) {
    case 'data':
      return `/data/${address}`;
    case 'run':
      return `/runs/${address}`;
    case 'drift':
      return `/drift/${address}`;
    case 'FeatureView':
      return `/features/${address}`;
    // Builds of training sets said `service` once.
    case 'service':
    case 'FeatureService':
      return name.includes(':') ? null : `/features/~services/${address}`;
    case 'Training':
      return `/training/${address}`;
    case 'model': {
      const [, model, version] = /^(.+):(\d+)$/.exec(name) ?? [];
      return model === undefined
        ? `/models/${address}`
        : `/models/${encodeURIComponent(model)}/${String(version)}`;
    }
    default:
      return null;
  }
}
