/** Options to report to another Traywatch: --join, --code and --fingerprint. Pure. */

/** Which hub to join, with which code; the fingerprint of its certificate, null where none was named. */
export interface JoinOptions {
  readonly url: string;
  readonly code: string;
  readonly fingerprint: string | null;
}

/** The options so far. */
export type JoinDraft = { -readonly [K in keyof JoinOptions]?: string };

const NAMES: ReadonlySet<string> = new Set(['join', 'code', 'fingerprint'] satisfies (keyof JoinOptions | 'join')[]);

/** Lines of --help. */
export const JOIN_USAGE = [
  '  --join=URL             report to the Traywatch at this address, its hub, as https://hub:8543; with --code',
  '  --code=CODE            the code that the hub shows at "Add a machine"',
  '  --fingerprint=HEX      join only where the hub shows this certificate (SHA-256); without it the first one is believed',
] as const;

const isBare = (argument: string): boolean => NAMES.has(/^--([^=]+)$/.exec(argument)?.[1] ?? '');

/** The arguments with each of these options and its value in one: `--join URL` is the same as `--join=URL`. */
export function withValues(args: readonly string[]): string[] {
  const all: string[] = [];
  for (const argument of args) {
    const before = all.at(-1);
    if (before !== undefined && isBare(before) && !argument.startsWith('-')) all[all.length - 1] = `${before}=${argument}`;
    else all.push(argument);
  }
  return all;
}

/** Takes one option; false for another one. */
export function takeJoinOption(draft: JoinDraft, name: string, argument: string): boolean {
  if (!NAMES.has(name) || !argument.startsWith('--')) return false;
  const value = argument.includes('=') ? argument.slice(argument.indexOf('=') + 1) : '';
  draft[name === 'join' ? 'url' : (name as 'code' | 'fingerprint')] = value;
  return true;
}

/** What they say together: null for none of them, a text for what is wrong. */
export function toJoin({ url, code, fingerprint }: JoinDraft): JoinOptions | string | null {
  if (url === undefined && code === undefined && fingerprint === undefined) return null;
  if (url === undefined || url === '') return '--join must name the hub, as in --join=https://hub:8543';
  const digits = code?.replaceAll(/[ -]/g, '') ?? '';
  if (!/^\d{6}(?:\d{2})?$/.test(digits)) return '--join needs the code that the hub shows, as in --code=123456';
  if (fingerprint !== undefined && fingerprint.replaceAll(/[^0-9a-f]/gi, '').length !== 64) return '--fingerprint must be the SHA-256 fingerprint of the hub’s certificate, 64 hexadecimal digits';
  return { url, code: digits, fingerprint: fingerprint ?? null };
}
