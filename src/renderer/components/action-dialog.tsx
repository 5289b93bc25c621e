import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FalajError } from '../../shared/errors.ts';
import classes from './action-dialog.module.css';
import { CopyCommand } from './command-line.tsx';
import { ErrorPanel } from './error-panel.tsx';

export interface ActionDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly size?: 'md' | 'lg' | 'xl';
  readonly error: FalajError | undefined;
  /** The command that does the same. */
  readonly command: string;
  readonly action: {
    readonly label: string;
    readonly busy: boolean;
    readonly disabled?: boolean;
    /** Cannot be undone: red, and the focus starts on Cancel. */
    readonly final?: boolean;
    readonly run: () => Promise<void>;
  };
  readonly children: ReactNode;
}

/** Asks before one action: what it needs or what it does, its command, cancel, and the action itself (also by Enter). */
export function ActionDialog(props: ActionDialogProps) {
  const { opened, onClose, title, size = 'md', error, command, action, children } = props;
  const { t } = useTranslation();
  const { label, busy, disabled = false, final = false, run } = action;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!disabled) void run();
        }}
      >
        {error === undefined ? null : <ErrorPanel error={error} />}
        {children}
        <div className={classes.buttons}>
          <CopyCommand command={command} />
          <Button variant="default" onClick={onClose} {...(final ? { 'data-autofocus': true } : {})}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={disabled} {...(final ? { color: 'red' } : {})}>
            {label}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
