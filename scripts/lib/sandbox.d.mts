/** Types of sandbox.mjs for its tests. */
export interface SandboxFacts {
  executable: string;
  uid: number | null;
  hasUserNamespaces: boolean;
  unprivilegedClone: number | null;
  maxUserNamespaces: number | null;
  appArmorRestriction: number | null;
  isAppArmorOff: boolean;
  allowedByAppArmor: readonly string[];
  helper: { path: string; uid: number; mode: number } | null;
  setuidIgnored: string | null;
}
export function describeSandboxTrouble(facts: SandboxFacts): string | null;
export function parseUserNamespaceProfiles(text: string): string[];
export function findIgnoredSetuid(status: string, mountinfo: string, file: string): string | null;
export function readSandboxFacts(executable: string, machine?: { root?: string; uid?: number | null }): SandboxFacts;
