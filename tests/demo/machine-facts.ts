/** What no file of a kernel says of a made-up machine: traywatch/machine.json, see src/main/engine/collectors/demo-machine.ts. */
import type { MachineSpec } from './machine';
import type { Files } from './moment';

/** The file. */
export function machineFacts({ interfaces, clock }: MachineSpec): Files {
  const addresses = Object.fromEntries(interfaces.flatMap(({ name, address }) => (address === null ? [] : [[name, address]])));
  return { 'traywatch/machine.json': `${JSON.stringify({ addresses, ...(clock === null ? {} : { clock }) })}\n` };
}
