/** Processes that use a card of NVIDIA, as `nvidia-smi pmon -c 1 -s u` lists them. Pure. */

/** Columns whose largest value is what a process uses, in percent of the card. */
const SHARES = ['sm', 'enc', 'dec'] as const;

/** Load by process id. Columns are found by their names, as newer drivers have more; `-` is not known. */
export function parsePmon(text: string): ReadonlyMap<number, number> {
  const lines = text.split('\n').map((line) => line.trim());
  const names = lines.find((line) => /^#\s*gpu\b/i.test(line))?.replace(/^#\s*/, '').split(/\s+/) ?? [];
  const loads = new Map<number, number>();
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue;
    const cells = line.split(/\s+/);
    const cell = (name: string): number => Number(cells[names.indexOf(name)] ?? Number.NaN);
    const pid = cell('pid');
    const shares = SHARES.map(cell).filter((share) => share >= 0);
    if (pid > 0 && shares.length > 0) loads.set(pid, Math.max(loads.get(pid) ?? 0, ...shares));
  }
  return loads;
}
