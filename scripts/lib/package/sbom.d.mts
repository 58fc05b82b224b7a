/** Types of sbom.mjs for its tests. */
import type { Identity } from './identity.mjs';

export interface Component {
  type: string;
  name: string;
  version: string;
  purl: string;
  licenses?: unknown[];
  hashes?: { alg: string; content: string }[];
}
export function toSbom(packages: Record<string, unknown>, identity: Identity, electron: string): { components: Component[]; metadata: { timestamp: string }; specVersion: string };
