/** Versions as releases of Traywatch have them: three numbers, and before a release what comes after a hyphen. Pure. */

/** A version of three numbers; of what is offered nothing else is taken. */
export const RELEASE = /^(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})$/;

const numbersOf = (version: string): readonly number[] => (version.split('-')[0] ?? '').split('.').map(Number);

/**
 * Whether a release is newer than this copy. A copy from before a release (1.2.0-beta.1, 1.2.0-trial) is older than that
 * release, as Semantic Versioning 2.0.0 says (11.3). Nothing is newer than a version that cannot be read.
 */
export function isNewer(release: string, current: string): boolean {
  if (!RELEASE.test(release)) return false;
  const [theirs, ours] = [numbersOf(release), numbersOf(current)];
  if (ours.length !== 3 || ours.some((part) => !Number.isInteger(part))) return false;
  for (const [at, part] of theirs.entries()) {
    const own = ours[at] ?? 0;
    if (part !== own) return part > own;
  }
  return current.includes('-');
}
