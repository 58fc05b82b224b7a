/** A made-up machine that lives while a spec runs. */
import path from 'node:path';
import { claimFolder } from '../../../src/main/demo-switch';
import { pathsIn } from '../../../src/main/lib/paths';
import { writeHistory } from '../../demo/history';
import { machineFacts } from '../../demo/machine-facts';
import type { MachineSpec } from '../../demo/machine';
import { createMachine, fastFiles, fixedFiles, momentOf, slowFiles } from '../../demo/tree';
import { processFiles } from '../../demo/tree-processes';
import { TreeWriter } from '../../demo/tree-writer';

const DAY = 86_400_000;

/** The machine's folder, for TRAYWATCH_ROOT, and the function that ends it. */
export interface LivingMachine {
  readonly root: string;
  stop(): void;
}

/** Writes a history of some days into the user-data folder `data`, and the files of the machine into a folder beside it, each second. */
export async function startMachine(spec: MachineSpec, data: string, days: number): Promise<LivingMachine> {
  const now = Date.now();
  const create = (boot: number) => createMachine({ spec, seed: 1, boot, anchor: now, zone: 0 });
  const problem = claimFolder(data, true);
  if (problem !== null) throw new Error(problem);
  if (days > 0) await writeHistory({ machine: create(now - (days + 1) * DAY), path: pathsIn(data).database, root: `${data}-past`, days, end: now, zone: 0 });
  const machine = create(now - spec.uptimeDays * DAY);
  const root = path.join(path.dirname(data), 'machine');
  const writer = new TreeWriter(root);
  writer.create({ ...fixedFiles(machine), ...machineFacts(spec) });
  const write = (): void => {
    const moment = momentOf(machine, Date.now());
    writer.update({ ...fastFiles(moment), ...slowFiles(moment) });
    writer.updateProcesses(processFiles(moment));
  };
  write();
  const timer = setInterval(write, 1000);
  return {
    root,
    stop() {
      clearInterval(timer);
      writer.close();
    },
  };
}
