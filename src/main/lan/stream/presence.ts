/** Since when each device or token watches: streams end and come back, and whoever comes back at once was never away. */

/** Somebody whose last stream ended may come back within this time, ms: browsers try again for longer than that. */
const GRACE = 30_000;

interface Stay {
  readonly since: number;
  streams: number;
}

/** Keeps account of it. All times are monotonic ms. */
export class PresenceTracker {
  readonly #here = new Map<string, Stay>();
  /** Who left lately, in the order of their leaving. */
  readonly #left = new Map<string, { readonly since: number; readonly at: number }>();

  constructor(private readonly mono: () => number) {}

  /** One more stream. */
  join(identity: string): void {
    const stay = this.#here.get(identity);
    if (stay !== undefined) {
      stay.streams += 1;
      return;
    }
    this.#forget();
    this.#here.set(identity, { since: this.#left.get(identity)?.since ?? this.mono(), streams: 1 });
    this.#left.delete(identity);
  }

  /** One stream less. */
  leave(identity: string): void {
    const stay = this.#here.get(identity);
    if (stay === undefined) return;
    stay.streams -= 1;
    if (stay.streams > 0) return;
    this.#forget();
    this.#here.delete(identity);
    this.#left.set(identity, { since: stay.since, at: this.mono() });
  }

  /** Since when somebody watches; null for nobody who does. */
  since(identity: string): number | null {
    return this.#here.get(identity)?.since ?? null;
  }

  #forget(): void {
    const now = this.mono();
    for (const [identity, { at }] of this.#left) {
      if (now - at <= GRACE) break;
      this.#left.delete(identity);
    }
  }
}
