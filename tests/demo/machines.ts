/** The made-up machines by name. */
import { board } from './board';
import { laptop } from './laptop';
import type { MachineSpec } from './machine';
import { nas } from './nas';
import { server } from './server';

export const MACHINES: Readonly<Record<'laptop' | 'server' | 'nas' | 'board', MachineSpec>> = { laptop, server, nas, board };

/** The machine of that name; null for an unknown one. */
export function machineNamed(name: string): MachineSpec | null {
  return Object.values(MACHINES).find((one) => one.name === name) ?? null;
}
