import { Menu } from '@mantine/core';
import { openSpotlight } from '@mantine/spotlight';
import { IconChevronDown, IconKeyboard, IconLock, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../engine/engine-context.tsx';
import { useQuery } from '../engine/use-query.ts';
import { AppearanceSwitches } from './appearance-switches.tsx';
import { FalajMark } from './falaj-mark.tsx';
import { JobChip } from './job-chip.tsx';
import { lockWorkspace } from './lock-workspace.ts';
import { SettingsMenu } from './settings-menu.tsx';
import classes from './title-bar.module.css';

export function TitleBar({ onKeyMap }: { readonly onKeyMap: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const status = useQuery('workspace', 'status', undefined);
  return (
    <header className={classes.bar}>
      <div className={classes.start}>
        <FalajMark className={classes.mark} />
        <Menu position="bottom-start">
          <Menu.Target>
            <button type="button" className={classes.workspace} aria-label={t('shell.workspaceMenu')}>
              <span className={classes.name}>{status.data?.name ?? 'Falaj'}</span>
              <IconLock size={13} aria-label={t('shell.encrypted')} />
              <IconChevronDown size={13} aria-hidden />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>
              <bdi dir="ltr">{status.data?.workspace ?? ''}</bdi>
            </Menu.Label>
            <Menu.Item leftSection={<IconLock size={14} />} onClick={() => void lockWorkspace(engine)}>
              {t('commands.lock')}
            </Menu.Item>
            <Menu.Item leftSection={<IconKeyboard size={14} />} onClick={onKeyMap}>
              {t('commands.keyMap')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <button type="button" className={classes.search} aria-label={t('shell.search')} onClick={openSpotlight}>
        <IconSearch size={14} aria-hidden />
        <span>{t('shell.search')}</span>
        <kbd className={classes.kbd}>Ctrl K</kbd>
      </button>
      <div className={classes.finish}>
        <JobChip />
        <AppearanceSwitches />
        <SettingsMenu />
      </div>
    </header>
  );
}
