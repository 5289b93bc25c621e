import { Button, Textarea } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TABLE_EXTENSIONS } from '../../components/table-files.ts';
import classes from './data.module.css';

export interface FileSourceProps {
  /** One path a line. */
  readonly files: string;
  readonly onChange: (files: string) => void;
}

/** Files on the engine's machine: typed, or picked in the desktop window. */
export function FileSource({ files, onChange }: FileSourceProps) {
  const { t } = useTranslation();
  const bridge = window.falajDesktop;
  const browse = async (): Promise<void> => {
    const paths = await bridge?.openFileDialog({
      title: t('data.chooseFiles'),
      multiple: true,
      filters: [{ name: t('data.tables'), extensions: TABLE_EXTENSIONS }],
    });
    if (paths !== undefined && paths.length > 0) onChange(paths.join('\n'));
  };
  return (
    <div className={classes.files}>
      <Textarea
        label={t('data.files')}
        description={t('data.filesHint')}
        placeholder="/data/flights.parquet"
        dir="ltr"
        autosize
        minRows={1}
        maxRows={5}
        required
        data-autofocus
        value={files}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {bridge === undefined ? null : (
        <Button variant="default" leftSection={<IconFolderOpen size={14} />} onClick={() => void browse()}>
          {t('common.browse')}
        </Button>
      )}
    </div>
  );
}
