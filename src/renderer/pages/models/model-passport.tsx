import { Button, Menu } from '@mantine/core';
import { IconAt, IconDownload, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineClient, ModelVerification } from '../../../shared/contract/types.ts';
import { Code, Digest } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { Labels } from '../../components/labels.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { MoreMenu } from '../../components/more-menu.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useJob } from '../../shell/use-job.ts';
import { AliasDialog } from './alias-dialog.tsx';
import { AliasEvidence } from './alias-evidence.tsx';
import { ExportModelDialog } from './export-model-dialog.tsx';
import { InterfaceEvidence } from './interface-evidence.tsx';
import { LineageEvidence } from './lineage-evidence.tsx';
import { MetricsEvidence } from './metrics-evidence.tsx';
import classes from './models.module.css';
import { RemoveVersionDialog } from './remove-version-dialog.tsx';
import { Seals } from './seals.tsx';
import { SignatureEvidence } from './signature-evidence.tsx';
import { VersionFacts } from './version-facts.tsx';

type OpenDialog = 'alias' | 'export' | 'remove' | null;

const verifyModel = (client: EngineClient, reference: string) => client.models.verify({ reference });

export interface ModelPassportProps {
  readonly name: string;
  readonly reference: string;
  readonly tab: string;
}

/** One version as a passport: each claim about it is a seal that opens its evidence. */
export function ModelPassport({ name, reference, tab }: ModelPassportProps) {
  const { t } = useTranslation();
  const query = useQuery('models', 'get', { reference });
  const versions = useQuery('models', 'versions', { name });
  const verifying = useJob<string, ModelVerification>(verifyModel);
  const verification = verifying.result;
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const close = (): void => setDialog(null);
  return (
    <Loaded query={query}>
      {(model) => {
        const exact = `${model.name}:${String(model.version)}`;
        return (
          <>
            <PageHeader
              title={model.name}
              badges={
                <>
                  <Code>v{model.version}</Code>
                  <Labels accent values={model.aliases.map((alias) => `@${alias}`)} />
                </>
              }
              subtitle={
                <>
                  <span>
                    {t('models.created')} <Ago at={model.createdAt} />
                  </span>
                  <span aria-hidden>·</span>
                  <Code>{model.framework}</Code>
                  <span aria-hidden>·</span>
                  <Digest value={model.digest} />
                </>
              }
              actions={
                <>
                  <CopyCommand command={`falaj models show ${exact}`} />
                  <Button
                    variant="default"
                    leftSection={<IconAt size={14} />}
                    onClick={() => setDialog('alias')}
                  >
                    {t('models.setAlias')}
                  </Button>
                  <Button
                    variant="default"
                    leftSection={<IconDownload size={14} />}
                    onClick={() => setDialog('export')}
                  >
                    {t('models.export')}
                  </Button>
                  <MoreMenu>
                    <Menu.Item
                      color="red"
                      leftSection={<IconTrash size={14} />}
                      onClick={() => setDialog('remove')}
                    >
                      {t('models.remove')}
                    </Menu.Item>
                  </MoreMenu>
                </>
              }
            />
            <VersionFacts model={model} />
            <Seals model={model} verification={verification} tab={tab} />
            <div className={classes.evidence}>
              {tab === 'signature' ? (
                <SignatureEvidence
                  model={model}
                  verifying={verifying}
                  onVerify={() => void verifying.start(exact)}
                />
              ) : null}
              {tab === 'lineage' ? <LineageEvidence model={model} /> : null}
              {tab === 'metrics' ? <MetricsEvidence model={model} versions={versions.data ?? []} /> : null}
              {tab === 'interface' ? <InterfaceEvidence model={model} /> : null}
              {tab === 'aliases' ? <AliasEvidence model={model} versions={versions.data ?? []} /> : null}
            </div>
            <AliasDialog opened={dialog === 'alias'} onClose={close} model={model} />
            <ExportModelDialog opened={dialog === 'export'} onClose={close} model={model} />
            <RemoveVersionDialog opened={dialog === 'remove'} onClose={close} model={model} />
          </>
        );
      }}
    </Loaded>
  );
}
