/** Types of options.mjs for its tests. */
export interface Options {
  formats: string[];
  fast: boolean;
  version: string | null;
  output: string;
}
export function parsePackageOptions(args: readonly string[]): Options | null;
export function toSigningArgs(env: Readonly<Record<string, string | undefined>>): string[];
