/** A standing message of the app about itself: what happened, and what a person can do. */
export interface Notice {
  /** Stable per cause: the same trouble does not pile up. */
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** False for a state that only ends when its cause does. */
  readonly dismissible: boolean;
}
