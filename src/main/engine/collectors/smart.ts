/**
 * What drives say of themselves (SMART), asked with smartctl where it is installed: at most once an hour, one drive after
 * another, and in the background, so that none of them delays a read. A drive in standby is not woken (`-n standby`).
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf } from '../../../shared/result';
import { LATE, within } from '../deadline';
import type { SystemDeps } from './deps';
import { shortHash } from './hardware-place';
import type { HealthDevice, HealthRaw } from './health';
import { parseDrive, parseScan } from './smart-answer';
import type { DriveAnswer, DriveHealth, ListedDrive } from './smart-answer';

/** What is needed to ask. */
export type SmartDeps = Pick<SystemDeps, 'clock' | 'timers' | 'programs'>;

/** How often drives are asked, and how often smartctl is looked for while it is not there, ms. */
const ROUND_MS = 60 * 60_000;
const LOOK_MS = 5 * 60_000;

/** A drive that wakes up or repeats a command that fails answers after ten seconds or so; after these smartctl is ended, ms. */
const SCAN_MS = 15_000;
const DRIVE_MS = 30_000;
/** One that waits for hardware cannot be ended before that answers: nobody waits for it any longer, ms. */
const END_MS = 2000;

/** How long a read waits for the answers of the first round, ms: whoever has just switched this on looks at the page. */
const FIRST_MS = 2000;

/** All of a drive's state and its table of values; no test, no log. */
const QUESTIONS = ['--json=c', '-n', 'standby', '-i', '-H', '-A'] as const;

const ASKING = 'Drives: smartctl is asking them. The answers come within some minutes.';
const NONE_FOUND = 'Drives: smartctl finds none on this machine.';
const NOT_INSTALLED = 'Drives: smartctl is not installed. It is in the package smartmontools.';

/** What is known of one drive. `health` is that of its latest answer in full. */
interface Known {
  readonly name: string;
  /** What tells it from another drive by the same name, without asking it; null where nothing does. */
  readonly identifier: string | null;
  /** As it is asked: with its type, once that is known. To find it out anew might wake it (-n in smartctl(8)). */
  readonly drive: ListedDrive;
  readonly answer: DriveAnswer;
  readonly health: DriveHealth | null;
}

/** Short name of a drive: sda; several behind one controller have their type as well. */
const nameOf = ({ path, type }: ListedDrive): string => (type?.includes(',') === true ? `${basename(path)} ${type}` : basename(path));

/** The serial number, which must not be readable from the id; the name of a drive that never said it, whose values are not known either. */
function idOf({ name, health }: Known): string {
  return health === null || health.serial === null ? `drive:${name}` : `drive:${shortHash(`${health.model ?? ''} ${health.serial}`)}`;
}

function stateOf(answer: DriveAnswer): HealthDevice['state'] {
  if (answer.kind === 'standby') return { code: 'standby' };
  if (answer.kind === 'unavailable') return { code: 'unavailable', reason: answer.reason };
  if (answer.kind !== 'health') return { code: 'unavailable', reason: 'not permitted' };
  const { values: { failing }, problem } = answer.health;
  const code = failing === 2 ? 'failing' : failing === 1 ? 'errors' : failing === 0 ? 'healthy' : null;
  if (code === null) return { code: 'unavailable', reason: 'it does not say whether it is healthy' };
  return problem === null ? { code } : { code, reason: problem };
}

/** A drive that is asleep stays what it was, except for its temperature; one that does not answer is unknown. */
function deviceOf(known: Known): HealthDevice {
  const { name, answer, health } = known;
  const [model, kind] = [health?.model ?? null, health?.kind ?? null];
  const kept = answer.kind === 'standby' && health !== null ? { ...health.values, temperature: null } : {};
  return {
    id: idOf(known),
    label: model === null ? name : `${model} (${name})`,
    ...(kind === null ? {} : { detail: kind }),
    state: stateOf(answer),
    values: answer.kind === 'health' ? answer.health.values : kept,
  };
}

/** The same drive twice: that of one controller by two names, or two paths to one. The first is shown. */
function withoutTwins(devices: readonly HealthDevice[]): HealthDevice[] {
  return [...new Map(devices.toReversed().map((device) => [device.id, device])).values()].toReversed();
}

/** Asks the drives of this machine. */
export class Drives {
  readonly #deps: SmartDeps;
  readonly #places: readonly string[];
  readonly #permit: (program: string) => string;
  readonly #identify: (path: string) => string | null;
  #due = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;
  #isFirst = true;
  #known: readonly Known[] = [];
  #problem: string | null = null;
  /** Why no drive could be asked in the last round; null where it got so far. What was known is kept for the next one. */
  #failure: Extract<DriveAnswer, { readonly kind: 'unavailable' }> | null = null;

  /**
   * `places` are the full paths smartctl may be at; `permit` is what a person can do so that it may read drives; `identify` tells
   * what the system knows the drive at a path by, null for nothing, and wakes none.
   */
  constructor(deps: SmartDeps, places: readonly string[], permit: (program: string) => string, identify: (path: string) => string | null = () => null) {
    this.#deps = deps;
    this.#places = places;
    this.#permit = permit;
    this.#identify = identify;
  }

  /** What is known now; begins a round in the background when one is due. */
  current(): HealthRaw {
    const now = this.#deps.clock.mono();
    if (this.#running === null && now >= this.#due) {
      this.#running = this.#round(now).finally(() => {
        this.#running = null;
      });
    }
    const devices = this.#known.map((known) => deviceOf({ ...known, answer: this.#failure ?? known.answer }));
    return { devices: withoutTwins(devices), note: this.#isFirst ? ASKING : this.#problem };
  }

  /** The same with the answers of the first round, where they come soon. */
  async soon(): Promise<HealthRaw> {
    const known = this.current();
    if (!this.#isFirst || this.#running === null) return known;
    await within(this.#deps.timers, FIRST_MS, this.#running);
    return this.current();
  }

  /** Never rejects. */
  async #round(now: number): Promise<void> {
    try {
      const program = this.#places.find((place) => existsSync(place));
      this.#due = now + (program === undefined ? LOOK_MS : ROUND_MS);
      if (program === undefined) this.#problem = NOT_INSTALLED;
      this.#known = program === undefined ? [] : await this.#askAll(program);
      this.#failure = null;
    } catch (error) {
      this.#failure = { kind: 'unavailable', reason: messageOf(error) };
      this.#problem = `Drives: ${messageOf(error)}.`;
    } finally {
      this.#isFirst = false;
    }
  }

  async #askAll(program: string): Promise<Known[]> {
    const drives = parseScan(await this.#run(program, ['--scan', '--json=c'], SCAN_MS));
    if (drives === null) throw new Error('the list of drives that smartctl gives cannot be read');
    const before = new Map(this.#known.map((known) => [known.name, known]));
    const known: Known[] = [];
    for (const drive of drives) {
      const name = nameOf(drive);
      const identifier = this.#identify(drive.path);
      const former = before.get(name);
      // Names are given again: another drive has nothing of the one before.
      const last = former?.identifier === identifier ? former : undefined;
      const asked = last === undefined || last.answer.kind === 'unavailable' ? drive : last.drive;
      known.push({ name, identifier, ...(await this.#ask(program, asked, last?.health ?? null)) });
    }
    const isDenied = known.some(({ answer }) => answer.kind === 'denied');
    this.#problem = drives.length === 0 ? NONE_FOUND : isDenied ? this.#permit(program) : null;
    return known;
  }

  async #ask(program: string, drive: ListedDrive, last: DriveHealth | null): Promise<Pick<Known, 'drive' | 'answer' | 'health'>> {
    const answer = await this.#answerOf(program, drive);
    if (answer.kind === 'sat' && drive.type === null) return this.#ask(program, { ...drive, type: 'sat' }, last);
    if (answer.kind !== 'health') return { drive, answer, health: last };
    return { drive: { ...drive, type: drive.type ?? answer.health.type }, answer, health: answer.health };
  }

  async #answerOf(program: string, { path, type }: ListedDrive): Promise<DriveAnswer> {
    try {
      return parseDrive(await this.#run(program, [...QUESTIONS, ...(type === null ? [] : ['-d', type]), path], DRIVE_MS));
    } catch (error) {
      return { kind: 'unavailable', reason: messageOf(error) };
    }
  }

  /** What smartctl prints, whatever its exit status: that is a set of bits, and the text says the same (EXIT STATUS in smartctl(8)). */
  async #run(program: string, args: readonly string[], timeout: number): Promise<string> {
    const { programs, timers } = this.#deps;
    const text = await within(timers, timeout + END_MS, programs.read(program, args, timeout, { anyCode: true }));
    if (text === LATE) throw new Error('smartctl does not answer');
    return text;
  }
}
