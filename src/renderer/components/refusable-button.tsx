import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './refusable-button.module.css';

export interface RefusableButtonProps extends Pick<ButtonProps, 'leftSection' | 'loading' | 'size'> {
  /** Why it does nothing; null where it does. */
  readonly refusal: string | null;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** A button that tells why it cannot be pressed: it keeps the focus, so that everyone comes to the reason. */
export function RefusableButton({ refusal, onClick, children, ...look }: RefusableButtonProps) {
  const reason = useId();
  if (refusal === null)
    return (
      <Button {...look} onClick={onClick}>
        {children}
      </Button>
    );
  return (
    <Tooltip label={refusal} multiline w={280} events={{ hover: true, focus: true, touch: true }}>
      <span className={classes.frame}>
        <Button {...look} data-disabled aria-disabled aria-describedby={reason}>
          {children}
        </Button>
        <span id={reason} hidden>
          {refusal}
        </span>
      </span>
    </Tooltip>
  );
}
