/** Types of deb.mjs for its tests and for the other formats. */
import type { Identity } from './identity.mjs';

export function toControl(identity: Identity, built: { architecture: string; depends: string; kilobytes: number }): string;
export function makeDeb(parts: { tree: string; work: string; output: string; identity: Identity; fast: boolean }): Promise<string>;
export function tool(command: string, args: string[], cwd: string, identity?: Identity): Promise<{ code: number | null; stdout: string; stderr: string }>;
