import { Component, type ReactNode } from 'react';
import { FalajError } from '../../shared/errors.ts';
import { ErrorPanel } from '../components/error-panel.tsx';
import classes from './error-boundary.module.css';

interface Props {
  readonly children: ReactNode;
  /** Going elsewhere recovers: pass the address. */
  readonly resetKey: string;
}

interface State {
  readonly error: FalajError | null;
}

/** A defect in one page stays in that page. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { error: new FalajError('INTERNAL', message, { cause: thrown }) };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error !== null) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className={classes.frame}>
        <ErrorPanel error={error} onRetry={() => this.setState({ error: null })} />
      </div>
    );
  }
}
