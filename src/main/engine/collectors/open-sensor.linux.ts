/** One temperature sensor, fan or power meter with its open file. */
import type { Value } from '../../../shared/metrics/reading';
import { accessFault } from './faults';
import { HeldFile, isAbsent, optionalTextAsync } from './files';
import { isAsleep, wholeNumber } from './sensors.linux';
import type { FoundSensor } from './sensors.linux';
import { isPlausible } from './temperature';
import type { SensorRaw } from './temperature';

/** What is known of a sensor. */
export interface SensorFacts {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly sleepFile: string | null;
  /** True while its device is let go so that it can fall asleep: what reads it would keep it awake. */
  mustRest(): boolean;
  readonly found: FoundSensor;
}

/** From this temperature on each value is believed only if the input is not faulty, millidegrees: an open input may give any. */
const HOT = 70_000;

const celsius = (millidegrees: number | null): Value => (millidegrees === null ? null : millidegrees / 1000);

const failedFileOf = ({ found: { failedFile } }: SensorFacts): HeldFile | null => (failedFile === null ? null : new HeldFile(failedFile, 8));

/** Reads a sensor. A sensor that fails does not affect the others. */
export class OpenSensor {
  readonly #file: HeldFile;
  #failedFile: HeldFile | null;
  #facts: SensorFacts;
  /** Nothing is connected, or the input is switched off. Asked for when the sensor is new, each minute, and while it is hot. */
  #isOff = true;
  #mustCheck = true;
  #hasWorked = false;
  #isGone = false;
  #isAsleep = false;
  /** What was read last, for a device that is let go for a moment. */
  #last: Value = null;

  constructor(facts: SensorFacts) {
    this.#facts = facts;
    this.#file = new HeldFile(facts.found.file, 64);
    this.#failedFile = failedFileOf(facts);
  }

  get id(): string {
    return this.#facts.id;
  }

  get facts(): SensorFacts {
    return this.#facts;
  }

  get found(): FoundSensor {
    return this.#facts.found;
  }

  /** True once the device of the open file was removed. What is at its path then is another device. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** True where its device slept when it was to be read last. */
  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  /** Continues with what the list says now; the file, whose device it has just found, is opened anew. */
  update(facts: SensorFacts): this {
    this.close();
    this.#facts = facts;
    this.#failedFile = failedFileOf(facts);
    this.#mustCheck = true;
    this.#isGone = false;
    return this;
  }

  /** Asks again with the next read whether the input is faulty or switched off. */
  checkState(): void {
    this.#mustCheck = true;
  }

  close(): void {
    this.#file.close();
    this.#failedFile?.close();
  }

  /** The sensor with its temperature; null while it sleeps, is faulty, is switched off or cannot be read. */
  async read(): Promise<SensorRaw> {
    const value = celsius(await this.readInput());
    if (value !== null && isPlausible(value)) this.#hasWorked = true;
    const { id, label, detail, found } = this.#facts;
    return { id, label, detail, celsius: value, high: celsius(found.high), critical: celsius(found.critical), hasWorked: this.#hasWorked, isAsleep: this.#isAsleep };
  }

  /** What the input gives: millidegrees, revolutions per minute or microwatts; null as for read. */
  async readInput(): Promise<Value> {
    const { sleepFile } = this.#facts;
    if (this.#isGone) return null;
    this.#isAsleep = sleepFile !== null && (await isAsleep(sleepFile));
    if (this.#isAsleep) return (this.#last = null);
    if (this.#facts.mustRest()) {
      this.close();
      return this.#last;
    }
    return (this.#last = await this.#readAwake());
  }

  /** True for a fan of which its chip says that it has failed. To be asked only after the input gave a value, as it wakes the device. */
  async hasFailed(): Promise<boolean> {
    try {
      return (await this.#failedFile?.readTextAsync())?.trim() === '1';
    } catch (error) {
      if (isAbsent(error)) return false;
      throw accessFault(error, this.#facts.found.failedFile ?? '');
    }
  }

  async #readAwake(): Promise<Value> {
    if ((this.#mustCheck || this.#isOff) && (await this.#checkOff())) return null;
    const value = await this.#value();
    return value !== null && value >= HOT && (await this.#checkOff()) ? null : value;
  }

  async #value(): Promise<Value> {
    const wasOpen = this.#file.isOpen;
    try {
      return wholeNumber((await this.#file.readTextAsync()).trim());
    } catch (error) {
      this.#isGone = wasOpen && !this.#file.isOpen;
      if (isAbsent(error)) return null;
      throw accessFault(error, this.#facts.found.file);
    }
  }

  async #checkOff(): Promise<boolean> {
    const { faultFile, enableFile } = this.#facts.found;
    this.#mustCheck = false;
    this.#isOff = (faultFile !== null && (await optionalTextAsync(faultFile)) === '1') || (enableFile !== null && (await optionalTextAsync(enableFile)) === '0');
    return this.#isOff;
  }
}
