/** Types of man-page.mjs for its tests. */
import type { Identity } from './identity.mjs';

export function parseHelp(help: string): { option: string; text: string }[];
export function toManPage(help: string, identity: Identity): string;
