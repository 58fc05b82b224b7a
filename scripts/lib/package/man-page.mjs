/** The manual page, made of the text that `traywatch --help` prints, so that both name the same options. */

/** @param {string} text */
const escape = (text) => text.replaceAll('\\', String.raw`\e`).replaceAll('-', String.raw`\-`).replace(/^([.'])/gm, String.raw`\&$1`);

/**
 * The options in a help text: lines of two spaces, an option, spaces, its description. Longer descriptions go on, indented.
 * @param {string} help
 * @returns {{ option: string, text: string }[]}
 */
export function parseHelp(help) {
  /** @type {{ option: string, text: string }[]} */
  const options = [];
  for (const line of help.split('\n')) {
    const [, option, text = ''] = /^ {2}(-\S+(?: \S+)*)(?: {2,}(.*))?$/.exec(line) ?? [];
    const last = options.at(-1);
    if (option !== undefined) options.push({ option, text });
    else if (last !== undefined && /^ {4,}\S/.test(line)) last.text = `${last.text} ${line.trim()}`.trim();
  }
  return options;
}

/** @param {{ option: string, text: string }} entry */
function toEntry({ option, text }) {
  const [name = '', value] = option.split('=');
  return ['.TP', `.B ${escape(name)}${value === undefined ? '' : String.raw`=\fI${escape(value)}\fR`}`, escape(text)].join('\n');
}

/**
 * Pure.
 * @param {string} help
 * @param {import('./identity.mjs').Identity} identity
 * @returns {string} roff for man(7)
 */
export function toManPage(help, { version, date }) {
  const sentence = (/** @type {string} */ text) => escape(text);
  return `${[
    `.TH TRAYWATCH 1 "${date.toISOString().slice(0, 10)}" "Traywatch ${version}" "User Commands"`,
    '.SH NAME',
    String.raw`traywatch \- system monitor for the tray`,
    '.SH SYNOPSIS',
    '.B traywatch',
    String.raw`.RI [ options ]`,
    '.SH DESCRIPTION',
    sentence('Traywatch watches the machine it runs on. The icon in the tray shows how it is; a window shows gauges and history.'),
    sentence('A second start brings the running window to the front.'),
    '.SH OPTIONS',
    ...parseHelp(help).map(toEntry),
    '.SH FILES',
    '.TP',
    String.raw`.I ~/.config/Traywatch`,
    sentence('Settings, history and log of a user. Removing the package leaves it; delete it to remove everything.'),
    '.TP',
    '.I /var/lib/traywatch',
    sentence('The same for the service traywatch-headless, which is off until you turn it on: systemctl enable --now traywatch-headless.'),
    '.TP',
    '.I /etc/apparmor.d/local/traywatch',
    sentence('Additions of yours to the AppArmor profile, which exists where the system needs one.'),
    '.SH EXIT STATUS',
    sentence('0 after a normal end, 1 after an error, 2 for an unknown option.'),
  ].join('\n')}\n`;
}
