/** The command line of `npm run package`. */
import { UserError } from '../say.mjs';

/** Formats that are made here of the unpacked application; all others are electron-builder's. */
const OWN_FORMATS = ['dir', 'deb', 'rpm', 'tar.gz', 'sbom'];

/**
 * @typedef {object} Options
 * @property {string[]} formats of those that are made here; at least one
 * @property {boolean} fast compressed quickly, for tests
 * @property {string | null} version in place of that in package.json
 * @property {string} output folder for the results
 */

/**
 * Reads the arguments. Pure.
 * @param {readonly string[]} args
 * @returns {Options | null} null when they are electron-builder's
 * @throws {UserError} for an argument that is neither
 */
export function parsePackageOptions(args) {
  if (args.length > 0 && !args.some((one) => OWN_FORMATS.includes(one)) && !args.every(isOwnFlag)) return null;
  const formats = args.filter((one) => !one.startsWith('--'));
  const wrong = args.find((one) => !OWN_FORMATS.includes(one) && !isOwnFlag(one));
  if (wrong !== undefined) throw new UserError(`Unknown argument "${wrong}". Formats made here: ${OWN_FORMATS.join(', ')}; options: --fast, --version=X.Y.Z, --output=FOLDER.`);
  const version = valueOf(args, 'version');
  if (version !== null && !/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/.test(version)) throw new UserError(`"${version}" is no version such as 1.2.3 or 1.2.3-beta.1.`);
  return { formats: formats.length === 0 ? ['dir'] : [...new Set(formats)], fast: args.includes('--fast'), version, output: valueOf(args, 'output') ?? 'dist' };
}

/**
 * What electron-builder is told besides where a certificate for macOS is given. Its configuration signs by nobody ("ad hoc"),
 * which a certificate alone would not change: it is looked for by that name. Pure.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
export function toSigningArgs(env) {
  return (env.CSC_LINK ?? '') === '' ? [] : ['-c.mac.identity=Developer ID', '-c.mac.hardenedRuntime=true'];
}

/** @param {string} argument */
function isOwnFlag(argument) {
  return argument === '--fast' || /^--(version|output)=./.test(argument);
}

/**
 * @param {readonly string[]} args
 * @param {string} name
 */
function valueOf(args, name) {
  return args.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;
}
