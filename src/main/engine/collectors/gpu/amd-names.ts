/** Names of AMD's cards, from the list that libdrm brings along. Pure. */

/** The name of a card in `amdgpu.ids`, whose lines are `DDDD,\tRR,\tname` (device and revision, hexadecimal); null if it is not there. */
export function amdName(list: string, device: string, revision: string): string | null {
  const wanted = `${device},${revision}`.toLowerCase();
  for (const line of list.split('\n')) {
    const [id, rev, ...name] = line.split(',').map((part) => part.trim());
    if (`${id},${rev}`.toLowerCase() === wanted) return name.join(', ') || null;
  }
  return null;
}
