/** Stand-ins for the programs of a system. */
import type { Programs } from '../../src/main/engine/programs/programs';

/** For machines on which none may be started: every call rejects. */
export const NO_PROGRAMS: Programs = {
  read: (program) => Promise.reject(new Error(`${program} was started`)),
  follow: (program) => {
    throw new Error(`${program} was started`);
  },
  followed: () => [],
  cost: () => ({ started: 0, milliseconds: 0 }),
  close: () => undefined,
};
