/**
 * Whether Chromium's sandbox can start. It uses user namespaces; where the system keeps them from ordinary users it needs
 * its helper, chrome-sandbox, to belong to root with the setuid bit (Chromium: content/browser/zygote_host). Without either
 * it aborts with SIGTRAP at the start. Reading the facts and judging them are two functions.
 */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from './say.mjs';

/**
 * @typedef {object} Helper the file chrome-sandbox
 * @property {string} path
 * @property {number} uid its owner
 * @property {number} mode permission bits
 */

/**
 * @typedef {object} SandboxFacts
 * @property {string} executable of the runtime, absolute
 * @property {number | null} uid of this process
 * @property {boolean} hasUserNamespaces false where the kernel was built without
 * @property {number | null} unprivilegedClone kernel.unprivileged_userns_clone (Debian, hardened kernels); null where it does not exist
 * @property {number | null} maxUserNamespaces user.max_user_namespaces
 * @property {number | null} appArmorRestriction kernel.apparmor_restrict_unprivileged_userns (Ubuntu 23.10 and later)
 * @property {boolean} isAppArmorOff
 * @property {readonly string[]} allowedByAppArmor attachments of the AppArmor profiles that allow user namespaces
 * @property {Helper | null} helper null where the file does not exist
 * @property {string | null} setuidIgnored why the setuid bit has no effect for the helper; null where it has
 */

/** @param {string} word */
const quote = (word) => `'${word.replaceAll("'", String.raw`'\''`)}'`;

const profileName = 'traywatch-electron';

/**
 * Why user namespaces cannot be used, and the way to allow them.
 * @param {SandboxFacts} facts
 * @returns {{ cause: string, remedy: string[] } | null} null where they can be used
 */
function findClosedNamespaces(facts) {
  const { executable, hasUserNamespaces, unprivilegedClone, maxUserNamespaces, appArmorRestriction, isAppArmorOff, allowedByAppArmor } = facts;
  /** @param {string} setting */
  const set = (setting) => ['Or allow user namespaces to all programs, until the next boot:', `  sudo sysctl -w ${setting}`];
  if (!hasUserNamespaces) return { cause: 'this kernel has no user namespaces', remedy: [] };
  if (maxUserNamespaces !== null && maxUserNamespaces <= 0) return { cause: 'user.max_user_namespaces is 0', remedy: set('user.max_user_namespaces=10000') };
  if (unprivilegedClone === 0) return { cause: 'kernel.unprivileged_userns_clone is 0', remedy: set('kernel.unprivileged_userns_clone=1') };
  if (appArmorRestriction === null || appArmorRestriction === 0 || isAppArmorOff) return null;
  if (allowedByAppArmor.some((attachment) => toPattern(attachment).test(executable))) return null;
  const profile = ['abi <abi/4.0>,', 'include <tunables/global>', `profile ${profileName} "${executable}" flags=(unconfined) { userns, }`];
  return {
    cause: 'kernel.apparmor_restrict_unprivileged_userns is 1',
    remedy: [
      'Or allow user namespaces to this program by an AppArmor profile:',
      String.raw`  printf '%s\n' ${profile.map(quote).join(' ')} | sudo tee /etc/apparmor.d/${profileName}`,
      `  sudo apparmor_parser -r /etc/apparmor.d/${profileName}`,
      ...set('kernel.apparmor_restrict_unprivileged_userns=0'),
    ],
  };
}

/**
 * Why the helper cannot be used, and the way to change that.
 * @param {SandboxFacts} facts
 * @returns {{ cause: string, remedy: string[] } | null} null where it can be used
 */
function findHelperTrouble({ executable, helper, setuidIgnored }) {
  if (helper === null) return { cause: `there is no ${path.posix.join(path.posix.dirname(executable), 'chrome-sandbox')}`, remedy: [] };
  // As Chromium checks it: owned by root, setuid, and executable for others.
  const isReady = helper.uid === 0 && (helper.mode & 0o4001) === 0o4001;
  if (setuidIgnored !== null) return { cause: `${helper.path} cannot be used, because ${setuidIgnored}`, remedy: [] };
  if (isReady) return null;
  return {
    cause: `${helper.path} does not belong to root with mode 4755`,
    remedy: ['Give it to root, again after each new Electron:', `  sudo chown root:root ${quote(helper.path)}`, `  sudo chmod 4755 ${quote(helper.path)}`],
  };
}

/**
 * What keeps Chromium's sandbox from starting, and what to do about it. Pure.
 * @param {SandboxFacts} facts
 * @returns {string | null} the message; null where the sandbox can start, or where this process is root
 */
export function describeSandboxTrouble(facts) {
  if (facts.uid === 0) return null;
  const namespaces = findClosedNamespaces(facts);
  const helper = namespaces === null ? null : findHelperTrouble(facts);
  if (namespaces === null || helper === null) return null;
  const remedies = [...helper.remedy, ...namespaces.remedy];
  return [
    `Electron's sandbox cannot start: ${namespaces.cause}, and ${helper.cause}.`,
    ...(remedies.length === 0 ? ['Traywatch does not start without it on its own.'] : remedies.map((line, index) => (index === 0 ? line.replace(/^Or a/, 'A') : line))),
  ].join('\n');
}

/**
 * An AppArmor path pattern as a regular expression: `**` crosses folders, `*` and `?` do not; a variable stands for anything.
 * @param {string} pattern
 */
function toPattern(pattern) {
  const tokens = pattern.match(/@\{[^}]*\}|\*\*|\*|\?|\{|\}|,|\[[^\]]*\]|[^*?{},[@]+|./g) ?? [];
  let depth = 0;
  const parts = tokens.map((token) => {
    if (token.startsWith('@{') || token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token === '{') return (depth += 1) > 0 ? '(?:' : '';
    if (token === '}' && depth > 0) return (depth -= 1) >= 0 ? ')' : '';
    if (token === ',' && depth > 0) return '|';
    return token.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}${')'.repeat(depth)}$`);
}

/**
 * The attachments of the profiles in a file that allow user namespaces. Pure.
 * @param {string} text of a file in /etc/apparmor.d
 * @returns {string[]}
 */
export function parseUserNamespaceProfiles(text) {
  const plain = text.replaceAll(/^\s*#.*$/gm, '');
  const heads = [...plain.matchAll(/(?:"([^"\n]+)"|((?:\/|@\{)\S*))\s+(?:(?:flags=)?\([^)]*\)\s*)?\{/g)];
  const bodies = heads.map((head) => ({ attachment: head[1] ?? head[2] ?? '', body: toBody(plain, head.index + head[0].length) }));
  return bodies.filter(({ body }) => /\buserns\b/.test(body) && !/\bdeny\s+userns\b/.test(body)).map(({ attachment }) => attachment);
}

/**
 * What stands between a brace and the one that closes it.
 * @param {string} text
 * @param {number} start behind the opening brace
 */
function toBody(text, start) {
  let depth = 1;
  let end = start;
  while (end < text.length && depth > 0) {
    if (text[end] === '{') depth += 1;
    if (text[end] === '}') depth -= 1;
    end += 1;
  }
  return text.slice(start, end);
}

/**
 * @param {string} file
 * @returns {string | null} null where it cannot be read
 */
function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** @param {string} file */
function readNumber(file) {
  const text = readText(file)?.trim() ?? '';
  return /^-?\d+$/.test(text) ? Number(text) : null;
}

/** @param {string} folder */
function readProfiles(folder) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).flatMap(({ name }) => parseUserNamespaceProfiles(readText(path.join(folder, name)) ?? ''));
  } catch {
    return [];
  }
}

/**
 * @param {string} file
 * @returns {Helper | null}
 */
function readHelper(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? null : { path: file, uid: stat.uid, mode: stat.mode & 0o7777 };
}

/**
 * Why the setuid bit of a file has no effect for this process. Pure.
 * @param {string} status text of /proc/self/status
 * @param {string} mountinfo text of /proc/self/mountinfo
 * @param {string} file absolute path
 * @returns {string | null}
 */
export function findIgnoredSetuid(status, mountinfo, file) {
  if (/^NoNewPrivs:\s*1$/m.test(status)) return 'this process may not gain privileges (no_new_privs)';
  const mounts = mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, , , , point = '', options = '']) => ({ point: point.replaceAll(/\\(\d{3})/g, (_, octal) => String.fromCodePoint(Number.parseInt(octal, 8))), options }))
    .filter(({ point }) => point !== '' && (file === point || file.startsWith(point.endsWith('/') ? point : `${point}/`)));
  // Of mounts on the same folder the last one is seen.
  const mount = mounts.reduce((/** @type {typeof mounts[number] | null} */ best, each) => (best === null || each.point.length >= best.point.length ? each : best), null);
  return mount !== null && mount.options.split(',').includes('nosuid') ? `${mount.point} is mounted with nosuid` : null;
}

/**
 * @param {string} executable of the runtime, absolute
 * @param {{ root?: string, uid?: number | null }} [machine] root: the folder in which proc, sys and etc are read
 * @returns {SandboxFacts}
 */
export function readSandboxFacts(executable, { root = '/', uid = process.getuid?.() ?? null } = {}) {
  const at = (/** @type {string} */ file) => path.join(root, file);
  const file = path.join(path.dirname(executable), 'chrome-sandbox');
  return {
    executable,
    uid,
    hasUserNamespaces: fs.existsSync(at('proc/self/ns/user')),
    unprivilegedClone: readNumber(at('proc/sys/kernel/unprivileged_userns_clone')),
    maxUserNamespaces: readNumber(at('proc/sys/user/max_user_namespaces')),
    appArmorRestriction: readNumber(at('proc/sys/kernel/apparmor_restrict_unprivileged_userns')),
    isAppArmorOff: readText(at('sys/module/apparmor/parameters/enabled'))?.trim() === 'N',
    allowedByAppArmor: readProfiles(at('etc/apparmor.d')),
    helper: readHelper(file),
    setuidIgnored: findIgnoredSetuid(readText(at('proc/self/status')) ?? '', readText(at('proc/self/mountinfo')) ?? '', file),
  };
}

/**
 * Makes sure that Chromium's sandbox can start, unless the user turned it off.
 * @param {string} executable of the runtime
 * @param {readonly string[]} [args] for the runtime
 * @param {NodeJS.ProcessEnv} [env]
 * @throws {UserError} when it cannot
 */
export function ensureSandbox(executable, args = [], env = process.env) {
  if (process.platform !== 'linux' || args.includes('--no-sandbox') || env.ELECTRON_DISABLE_SANDBOX) return;
  const trouble = describeSandboxTrouble(readSandboxFacts(fs.realpathSync(executable)));
  if (trouble !== null) throw new UserError(trouble);
}
