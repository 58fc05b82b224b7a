/** Types of identity.mjs for its tests. */
export interface Identity {
  version: string;
  packageVersion: string;
  label: string;
  summary: string;
  description: readonly string[];
  maintainer: string;
  license: string;
  date: Date;
}
export function toIdentity(
  manifest: { version: string; license: string },
  given: { version: string | null; trialOf: string | null; date: Date; maintainer: string },
): Identity;
export const ARCHITECTURES: { readonly deb: { readonly x64: string; readonly arm64: string }; readonly rpm: { readonly x64: string; readonly arm64: string } };
