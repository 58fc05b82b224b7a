/** Temperature sensors, fans and the battery of a made-up machine. Pure. */
import { hash } from './random';
import { fixed } from './tree-cpu';
import type { ChipSpec, InputSpec, MachineSpec } from './machine';
import type { Files, LiveFiles, Moment } from './moment';

const BATTERY = 'sys/class/power_supply/BAT0';

/** Folders of /sys/class/hwmon, each a link to the folder of its device. */
export function chipFolders({ chips, battery }: MachineSpec): Files {
  const files: Record<string, string | { link: string }> = {};
  for (const [index, chip] of chips.entries()) {
    const folder = folderOf(chip, index);
    files[`sys/class/hwmon/hwmon${index}`] = { link: `../../../${folder}` };
    files[`${folder}/device`] = { link: '../..' };
    files[`${folder}/name`] = `${chip.name}\n`;
    for (const [at, { label, high, critical }] of chip.inputs.entries()) {
      const file = `${folder}/temp${at + 1}`;
      if (label !== null) files[`${file}_label`] = `${label}\n`;
      if (high !== undefined) files[`${file}_max`] = `${high * 1000}\n`;
      if (critical !== undefined) files[`${file}_crit`] = `${critical * 1000}\n`;
    }
    for (const [at, { label }] of (chip.fans ?? []).entries()) files[`${folder}/fan${at + 1}_label`] = `${label}\n`;
  }
  if (battery === null) return files;
  const about = { type: 'Battery', present: '1', technology: 'Li-ion', manufacturer: 'Demo', model_name: battery.model, cycle_count: '212', capacity_level: 'Normal', energy_full_design: String(battery.energy), energy_full: String(Math.round(battery.energy * 0.91)) };
  for (const [name, value] of Object.entries(about)) files[`${BATTERY}/${name}`] = `${value}\n`;
  files['sys/class/power_supply/AC/type'] = 'Mains\n';
  return files;
}

const folderOf = ({ device }: ChipSpec, index: number): string => `sys/devices/${device}/hwmon/hwmon${index}`;

/** Temperature of each input, thousandths of a degree. */
export function temperatureFiles({ machine: { spec, seed, load }, time }: Moment): LiveFiles {
  const { cpu, bursts } = load.smooth(time);
  const disk = Math.min(1, bursts.reduce((sum, strength) => sum + strength, 0) + 0.5 * cpu);
  const second = Math.floor(time / 5000);
  const celsius = ({ idle, gain, of }: InputSpec, id: number): number => idle + gain * (of === 'cpu' ? cpu : disk) + 1.5 * Math.sin(time / 7_000_000 + id) + 0.8 * (hash(seed, 12, id, second) - 0.5);
  const entries = spec.chips.flatMap((chip, index) => chip.inputs.map((input, at): [string, string] => [`${folderOf(chip, index)}/temp${at + 1}_input`, `${fixed(1000 * celsius(input, 100 * index + at), 6)}\n`]));
  return Object.fromEntries(entries);
}

/** Speed of each fan: the square root of the load, as fans get louder early. */
export function fanFiles({ machine: { spec, seed, load }, time }: Moment): LiveFiles {
  const share = Math.sqrt(Math.min(1, load.smooth(time).cpu));
  const second = Math.floor(time / 5000);
  const entries = spec.chips.flatMap((chip, index) =>
    (chip.fans ?? []).map(({ idle, full }, at): [string, string] => [`${folderOf(chip, index)}/fan${at + 1}_input`, `${fixed(idle + (full - idle) * share + 30 * hash(seed, 13, 100 * index + at, second), 5)}\n`]),
  );
  return Object.fromEntries(entries);
}

/** Length of a stretch on battery and back, ms. */
const CYCLE = 5 * 3_600_000;
/** Part of the stretch in which it discharges. */
const DISCHARGING = 0.6;

/** The battery: it discharges for three hours, then charges for two. Nothing without one. */
export function batteryFiles({ machine: { spec: { battery }, load }, time }: Moment): LiveFiles {
  if (battery === null) return {};
  const part = (time % CYCLE) / CYCLE;
  const isDischarging = part < DISCHARGING;
  const charge = isDischarging ? 1 - (0.75 * part) / DISCHARGING : 0.25 + (0.75 * (part - DISCHARGING)) / (1 - DISCHARGING);
  const power = isDischarging ? 6e6 + 22e6 * load.level(time).cpu : 31e6;
  return {
    [`${BATTERY}/capacity`]: `${fixed(100 * charge, 3)}\n`,
    [`${BATTERY}/status`]: isDischarging ? 'Discharging\n' : 'Charging\n\n\n\n',
    [`${BATTERY}/energy_now`]: `${fixed(charge * battery.energy * 0.91, 8)}\n`,
    [`${BATTERY}/power_now`]: `${fixed(power, 8)}\n`,
    [`${BATTERY}/voltage_now`]: `${fixed(11.1e6 + 1.4e6 * charge, 8)}\n`,
    'sys/class/power_supply/AC/online': `${Number(!isDischarging)}\n`,
  };
}
