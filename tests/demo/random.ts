/** Random numbers that depend on nothing but their arguments: the same moment of the same machine is always the same. */

/** A number in [0, 1) from whole numbers (the mixing steps of MurmurHash3, 32 bits). */
export function hash(...parts: readonly number[]): number {
  let state = 0x9747_b28c;
  for (const part of parts) {
    // Both halves count: minutes since 1970 need more than 32 bits in some units.
    for (const half of [part % 4_294_967_296, part / 4_294_967_296]) {
      let mixed = Math.imul(half | 0, 0xcc9e_2d51);
      mixed = (mixed << 15) | (mixed >>> 17);
      state ^= Math.imul(mixed, 0x1b87_3593);
      state = Math.imul((state << 13) | (state >>> 19), 5) + 0xe654_6b64;
    }
  }
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
