/** Since when each device or API token has been connected; a stream that is reopened within a short time does not count as away. */

/** Time in which a reopened stream counts as never closed, ms: browsers keep trying for longer than that. */
const GRACE = 30_000;

interface Session {
  readonly since: number;
  streams: number;
}

/** Counts the open streams of each identity. All times are monotonic ms. */
export class PresenceTracker {
  readonly #connected = new Map<string, Session>();
  /** Identities that disconnected lately, in that order. */
  readonly #disconnected = new Map<string, { readonly since: number; readonly at: number }>();

  constructor(private readonly mono: () => number) {}

  /** Counts an opened stream. */
  join(identity: string): void {
    const session = this.#connected.get(identity);
    if (session !== undefined) {
      session.streams += 1;
      return;
    }
    this.#dropExpired();
    this.#connected.set(identity, { since: this.#disconnected.get(identity)?.since ?? this.mono(), streams: 1 });
    this.#disconnected.delete(identity);
  }

  /** Counts a closed stream. */
  leave(identity: string): void {
    const session = this.#connected.get(identity);
    if (session === undefined) return;
    session.streams -= 1;
    if (session.streams > 0) return;
    this.#dropExpired();
    this.#connected.delete(identity);
    this.#disconnected.set(identity, { since: session.since, at: this.mono() });
  }

  /** Since when an identity has been connected; null when it is not. */
  since(identity: string): number | null {
    return this.#connected.get(identity)?.since ?? null;
  }

  #dropExpired(): void {
    const now = this.mono();
    for (const [identity, { at }] of this.#disconnected) {
      if (now - at <= GRACE) break;
      this.#disconnected.delete(identity);
    }
  }
}
