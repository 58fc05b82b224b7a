/** The options of `npm run demo`. Pure. */
import { MACHINES } from './machines';
import type { MachineSpec } from './machine';

/** What to do. `passed`: options for Traywatch itself. */
export interface DemoOptions {
  readonly action: 'run' | 'table';
  readonly machines: readonly MachineSpec[];
  /** Days of history; may be a fraction. */
  readonly days: number;
  readonly seed: number;
  readonly isKept: boolean;
  /** Port of the server on this machine alone. */
  readonly port: number;
  /** Seconds between two reads of a simulated day. */
  readonly step: number;
  readonly passed: readonly string[];
}

/** What was understood: options, or a text to print before exiting. */
export type ParsedDemo = { readonly options: DemoOptions } | { readonly text: string; readonly exitCode: 0 | 2 };

const names = Object.keys(MACHINES);

function usage(): string {
  const machines = Object.values(MACHINES).map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`);
  return [
    'Usage: npm run demo -- MACHINE [options]',
    '',
    'Starts Traywatch on a made-up machine that lives, with a made-up history, in a folder of its own.',
    '',
    ...machines,
    '',
    '  --history=TIME   length of the history: 2y, 30d (default), 12h, 0',
    '  --seed=N         another machine of the same kind; the same number gives the same history',
    '  --headless       run without window and tray',
    '  --pair-as=ROLE   with --headless: viewer (default) or admin',
    '  --hidden         start with the tray icon only',
    '  --port=N         port of the server, which this machine alone can reach (default 8543)',
    '  --keep           keep the folder; otherwise it is removed at the end',
    '  --day --table    instead: simulate a day under the default rules and print what was shown;',
    '                   MACHINE may be all. --step=SECONDS between two reads of it (default 10)',
    '  --help           print this and exit',
    '',
  ].join('\n');
}

const DAYS = { y: 365, d: 1, h: 1 / 24 } as const;
/** The store keeps no more. */
const MOST_DAYS = 3650;

/** Days in `2y`, `30d`, `12h` or `0`; null for anything else. */
export function daysIn(text: string): number | null {
  if (text === '0') return 0;
  const [, number = '', unit = ''] = /^(\d{1,4}(?:\.\d{1,3})?)([ydh])$/.exec(text) ?? [];
  if (unit !== 'y' && unit !== 'd' && unit !== 'h') return null;
  const days = Number(number) * DAYS[unit];
  return days <= MOST_DAYS ? days : null;
}

/** A whole number between two others; null for anything else. */
function wholeIn(text: string, least: number, most: number): number | null {
  return /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : null;
}

const refusal = (problem: string): ParsedDemo => ({ text: `demo: ${problem}\n\n${usage()}`, exitCode: 2 });

/** Options with a number, their bounds, and what a wrong one is told. */
const NUMBERS = {
  history: { read: daysIn, hint: 'a time such as 2y, 30d, 12h or 0' },
  seed: { read: (text: string) => wholeIn(text, 0, 999_999_999), hint: 'a whole number' },
  port: { read: (text: string) => wholeIn(text, 1, 65_535), hint: 'a port, 1 to 65535' },
  step: { read: (text: string) => wholeIn(text, 1, 60), hint: '1 to 60 seconds' },
} as const;

const isNumberOption = (name: string): name is keyof typeof NUMBERS => Object.hasOwn(NUMBERS, name);

/** Parses the arguments. */
export function parseDemo(args: readonly string[]): ParsedDemo {
  const numbers: Record<keyof typeof NUMBERS, number> = { history: 30, seed: 1, port: 8543, step: 10 };
  const flags = new Set<string>();
  const passed: string[] = [];
  const machines: string[] = [];
  for (const argument of args) {
    const [, name = '', value] = /^--([a-z-]+)(?:=(.*))?$/.exec(argument) ?? [];
    if (!argument.startsWith('-')) machines.push(argument);
    else if (isNumberOption(name)) {
      const number = value === undefined ? null : NUMBERS[name].read(value);
      if (number === null) return refusal(`--${name} needs ${NUMBERS[name].hint}; got "${argument}"`);
      numbers[name] = number;
    } else if (['help', 'keep', 'day', 'table'].includes(name) && value === undefined) flags.add(name);
    else if ((['headless', 'hidden'].includes(name) && value === undefined) || name === 'pair-as') passed.push(argument);
    else return refusal(`unknown option "${argument}"`);
  }
  if (flags.has('help')) return { text: usage(), exitCode: 0 };
  if (flags.has('day') !== flags.has('table')) return refusal('--day and --table are used together');
  return finish(machines, flags, { numbers, passed });
}

function finish(wanted: readonly string[], flags: ReadonlySet<string>, { numbers, passed }: { readonly numbers: Record<keyof typeof NUMBERS, number>; readonly passed: readonly string[] }): ParsedDemo {
  const isTable = flags.has('table');
  const [name] = wanted;
  const known = Object.values(MACHINES).filter((one) => one.name === name || (isTable && name === 'all'));
  if (name === undefined) return refusal(`which machine? ${names.join(', ')}`);
  if (wanted.length > 1) return refusal(`one machine at a time; got "${wanted.join(' ')}"`);
  if (known.length === 0) return refusal(`there is no machine "${name}"; there are ${names.join(', ')}`);
  return { options: { action: isTable ? 'table' : 'run', machines: known, days: numbers.history, seed: numbers.seed, isKept: flags.has('keep'), port: numbers.port, step: numbers.step, passed } };
}
