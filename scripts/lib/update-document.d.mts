/** Types of update-document.mjs for its tests. */

/** A file of a release, as its name tells. */
export interface NamedFile {
  readonly name: string;
  readonly kind: string;
  readonly platform: string;
  readonly arch: string;
}

export function describeName(name: string): NamedFile | null;
export function describeFiles(folder: string, base: string): Promise<readonly (NamedFile & { readonly url: string; readonly size: number; readonly sha512: string })[]>;
export function refuseRollback(version: string, previous: string | null): void;
export function signDocument(release: { readonly version: string; readonly channel: string; readonly released: number; readonly page: string; readonly files: readonly object[] }, privateKey: string): string;
export function publicKeyOf(privateKey: string): string;
export function makeKey(): string;
