import { Button, PasswordInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDice5 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './first-start.module.css';
import { generatePassphrase, type Strength, strengthOf } from './passphrase.ts';

const STEPS: Readonly<
  Record<Strength, { readonly count: number; readonly tone: 'bad' | 'attention' | 'good' }>
> = {
  short: { count: 0, tone: 'bad' },
  weak: { count: 1, tone: 'bad' },
  fair: { count: 2, tone: 'attention' },
  good: { count: 3, tone: 'good' },
  strong: { count: 4, tone: 'good' },
};

export interface PassphraseFieldsProps {
  readonly passphrase: string;
  readonly repeated: string;
  readonly onChange: (passphrase: string, repeated: string) => void;
}

/** A new passphrase, typed twice or made by the machine, with its strength in a word. */
export function PassphraseFields({ passphrase, repeated, onChange }: PassphraseFieldsProps) {
  const { t } = useTranslation();
  const [visible, visibility] = useDisclosure(false);
  const strength = strengthOf(passphrase);
  const { count, tone } = STEPS[strength];
  const generate = (): void => {
    const made = generatePassphrase((bytes) => crypto.getRandomValues(bytes));
    onChange(made, made);
    visibility.open();
  };
  const toggle = { 'aria-label': t(visible ? 'common.hide' : 'common.show') };
  return (
    <>
      <div className={classes.inline}>
        <PasswordInput
          label={t('start.passphrase')}
          autoComplete="new-password"
          required
          visible={visible}
          onVisibilityChange={visibility.toggle}
          visibilityToggleButtonProps={toggle}
          value={passphrase}
          onChange={(event) => onChange(event.currentTarget.value, repeated)}
        />
        <Button variant="default" leftSection={<IconDice5 size={14} />} onClick={generate}>
          {t('start.generate')}
        </Button>
      </div>
      <div className={classes.strength} role="status">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} className={classes.step} data-on={step <= count ? tone : undefined} />
        ))}
        <span className={classes.word}>{passphrase === '' ? '' : t(`start.strength.${strength}`)}</span>
      </div>
      <PasswordInput
        label={t('start.repeat')}
        autoComplete="new-password"
        required
        visible={visible}
        onVisibilityChange={visibility.toggle}
        visibilityToggleButtonProps={toggle}
        error={repeated !== '' && repeated !== passphrase ? t('start.different') : null}
        value={repeated}
        onChange={(event) => onChange(passphrase, event.currentTarget.value)}
      />
    </>
  );
}
