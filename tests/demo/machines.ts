/** The made-up machines by name. */
import { board } from './board';
import { laptop } from './laptop';
import type { MachineSpec } from './machine';
import { nas } from './nas';
import { server } from './server';

export const MACHINES: Readonly<Record<'laptop' | 'server' | 'nas' | 'board', MachineSpec>> = { laptop, server, nas, board };
