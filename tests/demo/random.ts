/** Random numbers that depend on nothing but their arguments: the same moment of the same machine is always the same. */

/** One step of MurmurHash3, 32 bits. */
function mix(state: number, part: number): number {
  const mixed = Math.imul(part | 0, 0xcc9e_2d51);
  const turned = state ^ Math.imul((mixed << 15) | (mixed >>> 17), 0x1b87_3593);
  return Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe654_6b64;
}

/** A number in [0, 1) from up to four whole numbers below 2^53. */
export function hash(a: number, b: number, c = 0, d = 0): number {
  let state = mix(mix(mix(mix(0x9747_b28c, a), b), c), d);
  // Times in ms since 1970 do not fit into 32 bits.
  state = mix(state, c / 4_294_967_296 + d / 4_294_967_296);
  state ^= state >>> 16;
  state = Math.imul(state, 0x85eb_ca6b);
  state ^= state >>> 13;
  state = Math.imul(state, 0xc2b2_ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 4_294_967_296;
}

/** A number for a name, to be passed to `hash`. */
export function numberOf(name: string): number {
  let number = 0;
  for (const letter of name) number = (Math.imul(number, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return number >>> 0;
}
