/** Error handling of pages. */
import { Component } from 'react';
import type { ReactNode } from 'react';
import { messageOf } from '../../shared/result';

interface Props {
  /** When it changes, the children are rendered again. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

interface State {
  readonly message: string | null;
  readonly resetKey: string;
}

/** Shows the message of an error thrown while rendering, instead of an empty window. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { message: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { message: messageOf(error) };
  }

  static getDerivedStateFromProps(props: Props, state: State): State | null {
    return props.resetKey === state.resetKey ? null : { message: null, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <section className="problem" role="alert">
        <h1>This page could not be shown</h1>
        <p>{this.state.message}</p>
        <button type="button" onClick={() => this.setState({ message: null })}>
          Try again
        </button>
      </section>
    );
  }
}
