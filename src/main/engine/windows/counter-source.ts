/** One performance counter: opened when it is first read, and not asked for again where the system does not have it. */
import type { CounterItem } from './counter-items';
import type { CounterQuery, LoadWindows } from './library';

/** Values of all instances of a counter. */
export class CounterSource {
  readonly #load: LoadWindows;
  readonly #path: string;
  #query: Promise<CounterQuery | null> | null = null;

  /** `path`: its English name, such as `\System\Threads`. */
  constructor(load: LoadWindows, path: string) {
    this.#load = load;
    this.#path = path;
  }

  /** The values; none where the system does not have the counter. Rejects with a CollectorError. */
  async read(): Promise<CounterItem[]> {
    this.#query ??= this.#open();
    return (await (await this.#query)?.read()) ?? [];
  }

  close(): void {
    const query = this.#query;
    this.#query = null;
    // One that could not be opened has told its reader why.
    query?.then((open) => open?.close(), () => undefined);
  }

  async #open(): Promise<CounterQuery | null> {
    try {
      return await (await this.#load()).counters(this.#path);
    } catch (error) {
      this.#query = null;
      throw error;
    }
  }
}
