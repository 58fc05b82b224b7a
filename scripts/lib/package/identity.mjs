/** What a package says about itself: the one description that all formats made here take their words from. */
import { UserError } from '../say.mjs';

/**
 * @typedef {object} Identity
 * @property {string} version as the app prints it, semantic
 * @property {string} packageVersion as package managers order it: what comes before a release has a tilde
 * @property {string} label version in file names
 * @property {string} summary one line, without the name
 * @property {readonly string[]} description paragraphs
 * @property {string} maintainer name and address
 * @property {string} license SPDX
 * @property {Date} date of the source, so that the same source gives the same package
 */

/** Of a trial build where no other is given: an address that reaches nobody. */
const NO_MAINTAINER = 'The Traywatch developers <developers@traywatch.example>';

/** Name and address as dpkg and rpm read them: no comma, which separates people, and nothing that a spec file expands. */
const PERSON = /^[^\s<>,"%](?:[^<>,"%\r\n\t]*[^\s<>,"%])? <[^\s<>@,"%]+@[^\s<>@,"%.]+(?:\.[^\s<>@,"%.]+)+>$/;

/**
 * Who answers for a package. A release that nobody answers for is not made.
 * @param {string} given empty where nobody was given
 * @param {boolean} isTrial
 * @returns {string}
 * @throws {UserError}
 */
function toMaintainer(given, isTrial) {
  if (given === '' && isTrial) return NO_MAINTAINER;
  if (given === '') throw new UserError('With the official Electron this makes a release, and its packages name who answers for them. Set TRAYWATCH_MAINTAINER="Name <address>".');
  if (!PERSON.test(given)) throw new UserError(`TRAYWATCH_MAINTAINER must be a name and an address, as in "Anna Example <anna@host.org>"; got "${given}".`);
  if (!isTrial && given.endsWith('.example>')) throw new UserError(`TRAYWATCH_MAINTAINER is "${given}", an address that reaches nobody. A release needs one that does.`);
  return given;
}

/**
 * Pure.
 * @param {{ version: string, license: string }} manifest package.json
 * @param {{ version: string | null, trialOf: string | null, date: Date, maintainer: string }} given version: in place of the manifest's;
 *   trialOf: version of the Electron it holds where that is not the official one, null for a release; maintainer: name and
 *   address, empty for nobody
 * @returns {Identity}
 * @throws {UserError} for a maintainer that cannot be one
 */
export function toIdentity(manifest, { version: given, trialOf, date, maintainer }) {
  const version = given ?? manifest.version;
  const [number = '', before] = version.split(/-(.*)/);
  // A tilde sorts before the end of the text: 1.0~beta, 1.0~trial, 1.0.
  const packageVersion = [number, ...(before === undefined ? [] : [before]), ...(trialOf === null ? [] : ['trial'])].join('~');
  const trial = `This is a trial build to test the package with. It holds Electron ${trialOf}, which gets no security updates: do not use it for more.`;
  return {
    version,
    packageVersion,
    label: packageVersion.replaceAll('~', '-'),
    summary: trialOf === null ? 'system monitor for the tray' : `system monitor for the tray (trial build, Electron ${trialOf})`,
    description: [
      ...(trialOf === null ? [] : [trial]),
      'Traywatch watches the machine it runs on: processor, memory, disks, network and temperatures. The icon in the tray shows how it is, a window shows gauges and history, and a notification names the process behind a problem.',
      'History is kept for years in a few megabytes. Nothing leaves the machine, unless its page is shared with browsers on the local network.',
    ],
    maintainer: toMaintainer(maintainer, trialOf !== null),
    license: manifest.license,
    date,
  };
}

/** What the formats call this processor. */
export const ARCHITECTURES = /** @type {const} */ ({
  deb: { x64: 'amd64', arm64: 'arm64' },
  rpm: { x64: 'x86_64', arm64: 'aarch64' },
});
