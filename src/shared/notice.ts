/** A message of the app about itself, shown until its cause ends or it is dismissed. */
export interface Notice {
  /** The same for the same cause, so that notices do not accumulate. */
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** False if only the end of the cause removes it. */
  readonly dismissible: boolean;
}
