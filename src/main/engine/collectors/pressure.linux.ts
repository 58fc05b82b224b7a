/**
 * Pressure: the share of the last minute in which tasks waited for a resource (kernel doc accounting/psi.rst). Where the
 * kernel does not measure it there is no file, and that costs one look in five minutes.
 */
import { join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import { HeldFile } from './files';

/** How often such files are read, ms: the kernel renews its averages every two seconds. */
export const READ_MS = 10_000;
/** How often a missing file is looked for. */
export const LOOK_MS = 5 * 60_000;

/** A file that some machines lack: it stays open, and is looked for again rarely where it is missing. */
export class OptionalFile {
  readonly #file: HeldFile;
  #missingSince = Number.NEGATIVE_INFINITY;

  constructor(path: string, size: number) {
    this.#file = new HeldFile(path, size);
  }

  /** The content; null if there is none. Throws a CollectorError. */
  text(now: number): string | null {
    if (now - this.#missingSince < LOOK_MS) return null;
    const text = this.#file.optionalText();
    this.#missingSince = text === null ? now : Number.NEGATIVE_INFINITY;
    return text;
  }

  close(): void {
    this.#file.close();
  }
}

/** Percent of the last minute in which at least one task waited (`some avg60=…`), and in which all that had work did (`full`). */
export interface Pressure {
  readonly some: Value;
  readonly full: Value;
}

function shareOf(text: string, line: 'some' | 'full'): Value {
  const found = new RegExp(String.raw`^${line} .*?\bavg60=(\d+(?:\.\d+)?)`, 'm').exec(text)?.[1];
  return found === undefined ? null : Math.min(100, Number(found));
}

/** Parses a file of /proc/pressure; null for a line that it lacks. That of the processor has no `full` before kernel 5.13. */
export const parsePressure = (text: string): Pressure => ({ some: shareOf(text, 'some'), full: shareOf(text, 'full') });

/** The pressure of one resource. */
export class PressureFile {
  readonly #file: OptionalFile;
  readonly #mono: () => number;
  #readAt = Number.NEGATIVE_INFINITY;
  #last: Pressure | null = null;

  constructor(root: string, resource: 'cpu' | 'io' | 'memory', mono: () => number) {
    this.#file = new OptionalFile(join(root, '/proc/pressure', resource), 256);
    this.#mono = mono;
  }

  /** What is known now, at most ten seconds old; null where the kernel does not measure it. Throws a CollectorError. */
  current(now = this.#mono()): Pressure | null {
    if (now - this.#readAt < READ_MS) return this.#last;
    this.#readAt = now;
    const text = this.#file.text(now);
    this.#last = text === null ? null : parsePressure(text);
    return this.#last;
  }

  close(): void {
    this.#file.close();
  }
}
