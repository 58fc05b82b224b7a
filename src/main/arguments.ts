/** The command line. An unknown flag is an error, not something to ignore: a typing slip should not pass. */

/** What the command line asked for. */
export type Arguments =
  | { readonly action: 'run'; readonly hidden: boolean; readonly headless: boolean }
  | { readonly action: 'print'; readonly text: string; readonly exitCode: 0 | 2 };

/** Flags of Chromium and Node that the runtime itself takes, or that are handed on by its launchers. */
const RUNTIME_FLAGS = [
  /^no-sandbox$/,
  /^user-data-dir$/,
  /^inspect(-brk)?$/,
  /^remote-debugging-(port|pipe)$/,
  /^ozone-platform(-hint)?$/,
  /^(disable|enable)-(gpu|features|logging)$/,
  /^force-(device-scale-factor|color-profile)$/,
  /^lang$/,
  /^password-store$/,
  /^original-process-start-time$/,
] as const;

/** Usage text. */
export function usage(version: string): string {
  return [
    `Traywatch ${version}`,
    '',
    'Usage: traywatch [options]',
    '',
    '  --hidden               start with the tray icon only',
    '  --headless             no window and no tray: watch this machine from a browser; needs no display',
    '  --user-data-dir=DIR    keep settings, history and log in DIR',
    '  --version              print the version and exit',
    '  --help                 print this and exit',
    '',
  ].join('\n');
}

/** Understands the arguments after the program's own path. Pure. */
export function parseArguments(args: readonly string[], version: string): Arguments {
  let hidden = false;
  let headless = false;
  for (const argument of args) {
    const name = /^--?([^=]+)/.exec(argument)?.[1] ?? '';
    if (name === 'help' || name === 'h') return { action: 'print', text: usage(version), exitCode: 0 };
    if (name === 'version') return { action: 'print', text: `${version}\n`, exitCode: 0 };
    if (name === 'hidden' && !argument.includes('=')) hidden = true;
    else if (name === 'headless' && !argument.includes('=')) headless = true;
    else if (!argument.startsWith('--') || !RUNTIME_FLAGS.some((flag) => flag.test(name))) {
      const text = `traywatch: unknown option "${argument}"\n\n${usage(version)}`;
      return { action: 'print', text, exitCode: 2 };
    }
  }
  return { action: 'run', hidden, headless };
}
