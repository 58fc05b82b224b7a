/** Updates of Traywatch: what is known about them, as codes with parameters, and the sentences for them. */

/**
 * How this copy gets a newer version.
 * - self: it downloads and installs it when asked (AppImage, Windows installer, Mac app).
 * - deb, rpm: the package manager installs a downloaded package.
 * - archive: its folder is replaced by that of a new archive.
 * - none: this copy knows no place to ask, as one from a checkout or a distribution.
 */
type UpdateMethod = 'self' | 'deb' | 'rpm' | 'archive' | 'none';

/** Why a check, a download or an installation failed. */
export type UpdateProblemCode =
  | 'unreachable'
  | 'timedOut'
  | 'redirected'
  | 'refused'
  | 'tooLarge'
  | 'malformed'
  | 'badSignature'
  | 'otherChannel'
  | 'older'
  | 'noFile'
  | 'wrongContent'
  | 'diskFull'
  | 'notReplaceable'
  | 'failed';

/** What failed, and the system's own words where they say more. */
export interface UpdateProblem {
  readonly code: UpdateProblemCode;
  /** A status, a path or a message; null where the code says it all. */
  readonly what: string | null;
}

/** A newer version. */
export interface UpdateOffer {
  readonly version: string;
  /** When it was released, epoch milliseconds. */
  readonly released: number;
  /** The file for this copy, by its name; null where there is none for this system. */
  readonly file: string | null;
  /** Size of the file, bytes; null without one. */
  readonly bytes: number | null;
}

/** idle; checking; downloading; ready: it is downloaded and verified. */
export type UpdatePhase = 'idle' | 'checking' | 'downloading' | 'ready';

/** All that is known about updates. */
export interface UpdateStatus {
  readonly method: UpdateMethod;
  /** Version of this copy. */
  readonly current: string;
  readonly phase: UpdatePhase;
  /** When a downloaded version begins to run: it is installed already, with the click on Restart now, or when Traywatch ends. Null where a copy downloads none. */
  readonly applies: 'nextStart' | 'restart' | 'quit' | null;
  /** Share of the download that is done, 0–100; null while there is none, or its size is unknown. */
  readonly progress: number | null;
  /** The last check that was answered, epoch milliseconds; null before the first. */
  readonly checkedAt: number | null;
  /** When it is checked next by itself, epoch milliseconds; null while that is off. */
  readonly nextAt: number | null;
  /** Of the last check or download; null where it went well. */
  readonly problem: UpdateProblem | null;
  /** A newer version; null where none is known. */
  readonly offer: UpdateOffer | null;
}

const PROBLEM_TEXT: Readonly<Record<UpdateProblemCode, (what: string) => string>> = {
  unreachable: (what) => `The update server cannot be reached${what === '' ? '' : ` (${what})`}. Check the network connection.`,
  timedOut: () => 'The update server did not answer in time.',
  redirected: () => 'The answer came from another place than expected and was not used. A captive portal or a proxy may be in between.',
  refused: (what) => `The update server answered ${what}.`,
  tooLarge: () => 'The answer of the update server was too large and was not used.',
  malformed: (what) => `The answer of the update server cannot be read${what === '' ? '' : `: ${what}`}. A captive portal or a proxy may be in between.`,
  badSignature: () => 'The answer of the update server does not carry the signature of Traywatch’s developers and was not used.',
  otherChannel: (what) => `The answer of the update server is about something else${what === '' ? '' : ` (${what})`} and was not used.`,
  older: () => 'The answer of the update server is older than the one before and was not used.',
  noFile: () => 'The new version has no file for this system. See the download page.',
  wrongContent: () => 'The download was not what the developers released and was deleted. Try again; if it happens again, another program may change downloads.',
  diskFull: (what) => `There is not enough room for the download${what === '' ? '' : ` in ${what}`}. Free some space and try again.`,
  notReplaceable: (what) => `${what === '' ? 'The program' : what} cannot be replaced. Check who may write there, or install the new version by hand.`,
  failed: (what) => `The update failed${what === '' ? '' : `: ${what}`}.`,
};

/** One or two sentences on what failed. */
export const updateProblemText = ({ code, what }: UpdateProblem): string => PROBLEM_TEXT[code](what ?? '');

/** How a person updates a copy that cannot do it itself, with the name of the downloaded file; null for one that can, or has no offer. */
export function updateSteps({ method, offer }: Pick<UpdateStatus, 'method' | 'offer'>): { readonly text: string; readonly command: string | null } | null {
  if (offer === null || method === 'self' || method === 'none') return null;
  if (offer.file === null) return { text: 'There is no package of it for this system. See the download page.', command: null };
  if (method === 'deb') return { text: 'Download the package, then install it in its folder:', command: `sudo apt install ./${offer.file}` };
  if (method === 'rpm') return { text: 'Download the package, then install it in its folder:', command: `sudo dnf install ./${offer.file}` };
  return { text: `Download ${offer.file}, quit Traywatch, and put the new folder in the place of this one. History and settings are kept elsewhere and stay.`, command: null };
}
