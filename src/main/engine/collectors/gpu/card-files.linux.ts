/** The small files of one card, each holding a number; open while the card is read, and closed when it is let go. */
import { join } from 'node:path';
import type { Value } from '../../../../shared/metrics/reading';
import { accessFault, errorCodeOf } from '../faults';
import { HeldFile, isAbsent, namesIn } from '../files';
import { wholeNumber } from '../sensors.linux';

/** Opens each file when it is first read. */
export class CardFiles {
  readonly #folder: string;
  /** Null for a file that this card does not have. */
  readonly #files = new Map<string, HeldFile | null>();
  #hwmon: string | null | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The number in a file; null if it has none now. A driver may answer with any error, such as EBUSY while the card falls
   * asleep or ENOTSUPP: that is no number, and never 0.
   */
  async number(name: string): Promise<Value> {
    let file = this.#files.get(name);
    if (file === null) return null;
    if (file === undefined) this.#files.set(name, (file = new HeldFile(join(this.#folder, name), 64)));
    try {
      return wholeNumber((await file.readTextAsync()).trim());
    } catch (error) {
      if (!isAbsent(error)) throw accessFault(error, file.path);
      if (errorCodeOf(error) === 'ENOENT') this.#files.set(name, null);
      return null;
    }
  }

  /** The first of these files that has a number. */
  async firstNumber(names: readonly string[]): Promise<Value> {
    for (const name of names) {
      const value = await this.number(name);
      if (value !== null) return value;
    }
    return null;
  }

  /** Path of a file of its sensors, below the folder of the card; null without sensors. */
  async sensor(name: string): Promise<string | null> {
    this.#hwmon ??= (await namesIn(join(this.#folder, 'hwmon'))).find((entry) => /^hwmon\d+$/.test(entry)) ?? null;
    return this.#hwmon === null ? null : `hwmon/${this.#hwmon}/${name}`;
  }

  /** The first of these files of its sensors that has a number. */
  async firstSensor(...names: readonly string[]): Promise<Value> {
    for (const name of names) {
      const path = await this.sensor(name);
      const value = path === null ? null : await this.number(path);
      if (value !== null) return value;
    }
    return null;
  }

  /** Closes all of them; what the card lacks is looked for anew. */
  close(): void {
    for (const file of this.#files.values()) file?.close();
    this.#files.clear();
    this.#hwmon = undefined;
  }
}
