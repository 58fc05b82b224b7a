/** Which graphics cards must not be read now. The reader of cards decides; whoever else reads files of a card asks here first. */

/** The cards that are let go or asleep, by their PCI addresses, such as `0000:03:00.0`. */
export class GpuGates {
  readonly #closed = new Set<string>();

  set(address: string, isOpen: boolean): void {
    if (isOpen) this.#closed.delete(address);
    else this.#closed.add(address);
  }

  /** True for a card that must be left alone; false for every other device. */
  isClosed(address: string): boolean {
    return this.#closed.has(address);
  }
}
