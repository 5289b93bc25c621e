import { Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Isolate } from '../components/code.tsx';
import classes from './palette.module.css';
import { findItems } from './palette-items.ts';
import { usePaletteItems } from './use-palette-items.ts';

/** Every object and every command, one search away. */
export function Palette({ onKeyMap }: { readonly onKeyMap: () => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [opened, setOpened] = useState(false);
  const items = usePaletteItems(opened, onKeyMap);
  const groups = findItems(items, query);
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      scrollable
      maxHeight={420}
      size={600}
      lockScroll={false}
      onSpotlightOpen={() => setOpened(true)}
      onSpotlightClose={() => setOpened(false)}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      transitionProps={{ duration: 80, transition: 'fade' }}
    >
      <Spotlight.Search
        placeholder={t('shell.searchLong')}
        aria-label={t('shell.search')}
        leftSection={<IconSearch size={16} />}
        classNames={{ input: classes.search ?? '' }}
      />
      <Spotlight.ActionsList>
        {[...groups].map(([group, found]) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of form fields
          <div key={group} role="group" aria-label={t(`palette.${group}`)}>
            <div className={classes.group}>{t(`palette.${group}`)}</div>
            {found.map((item) => (
              <Spotlight.Action key={item.id} className={classes.action ?? ''} onClick={item.run}>
                <span className={classes.title}>
                  <Isolate>{item.title}</Isolate>
                </span>
                <span className={classes.detail}>
                  <Isolate>{item.detail}</Isolate>
                </span>
                {item.keys === undefined ? null : (
                  <span className={classes.keys}>
                    {item.keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </span>
                )}
              </Spotlight.Action>
            ))}
          </div>
        ))}
        {groups.size === 0 ? <Spotlight.Empty>{t('palette.nothing')}</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
