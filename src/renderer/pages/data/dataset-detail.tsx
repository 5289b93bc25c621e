import { Button, Menu } from '@mantine/core';
import { IconDownload, IconTrash, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Code, Digest } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { Labels } from '../../components/labels.tsx';
import { LinkTabs } from '../../components/link-tabs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { MoreMenu } from '../../components/more-menu.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './data.module.css';
import { DatasetProfile } from './dataset-profile.tsx';
import { DatasetRows } from './dataset-rows.tsx';
import { DatasetVersions } from './dataset-versions.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';

type OpenDialog = 'import' | 'export' | 'remove' | null;

export function DatasetDetail({ name, tab }: { readonly name: string; readonly tab: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery('data', 'get', { name });
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const close = (): void => setDialog(null);
  return (
    <Loaded query={query}>
      {(dataset) => (
        <>
          <PageHeader
            title={dataset.name}
            badges={
              <>
                <Code>v{dataset.version}</Code>
                <Labels values={dataset.labels} />
              </>
            }
            subtitle={
              <>
                <span>
                  {t('data.importedAt')} <Ago at={dataset.importedAt} />
                </span>
                <span aria-hidden>·</span>
                <Code>{dataset.source}</Code>
              </>
            }
            actions={
              <>
                <CopyCommand command={`falaj data preview ${dataset.name}`} />
                <Button
                  variant="default"
                  leftSection={<IconUpload size={14} />}
                  onClick={() => setDialog('import')}
                >
                  {t('data.newVersion')}
                </Button>
                <MoreMenu>
                  <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => setDialog('export')}>
                    {t('data.export')}
                  </Menu.Item>
                  <Menu.Item
                    color="red"
                    leftSection={<IconTrash size={14} />}
                    onClick={() => setDialog('remove')}
                  >
                    {t('data.remove')}
                  </Menu.Item>
                </MoreMenu>
              </>
            }
          />
          <div className={classes.facts}>
            <StatRow>
              <Stat label={t('data.rows')}>{format.integer(dataset.rows)}</Stat>
              <Stat label={t('data.columns')}>{format.integer(dataset.columns.length)}</Stat>
              <Stat label={t('data.encryptedSize')}>
                <bdi>{format.bytes(dataset.sizeBytes)}</bdi>
              </Stat>
              <Stat label={t('data.eventTime')} plain>
                {dataset.eventTime === null ? '–' : <Code>{dataset.eventTime}</Code>}
              </Stat>
              <Stat label={t('data.knownTime')} plain>
                {dataset.knownTime === null ? '–' : <Code>{dataset.knownTime}</Code>}
              </Stat>
              <Stat label={t('data.digest')} plain>
                <Digest value={dataset.digest} />
              </Stat>
            </StatRow>
          </div>
          <LinkTabs
            label={dataset.name}
            tabs={[
              { href: `/data/${name}`, label: t('data.tabRows') },
              {
                href: `/data/${name}/columns`,
                label: t('data.tabColumns'),
                count: format.integer(dataset.columns.length),
              },
              {
                href: `/data/${name}/versions`,
                label: t('data.tabVersions'),
                count: format.integer(dataset.version),
              },
            ]}
          />
          {tab === 'rows' ? <DatasetRows dataset={dataset} /> : null}
          {tab === 'columns' ? <DatasetProfile dataset={dataset} /> : null}
          {tab === 'versions' ? <DatasetVersions name={name} /> : null}
          <ImportDialog opened={dialog === 'import'} onClose={close} versionOf={dataset} />
          <ExportDialog opened={dialog === 'export'} onClose={close} name={name} />
          <RemoveDialog opened={dialog === 'remove'} onClose={close} dataset={dataset} />
        </>
      )}
    </Loaded>
  );
}
