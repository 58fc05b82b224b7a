/** Sockets from /proc/net/tcp, tcp6, udp and udp6, read in chunks off the main thread and counted as bytes. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { connectionsReading } from './connections';
import type { ConnectionsRaw } from './connections';
import { accessFault, codeOf, parseFault } from './faults';
import type { Collector } from './types';

/** Codes of the `st` column (include/net/tcp_states.h). */
const STATE = { established: 0x01, timeWait: 0x06, listen: 0x0a } as const;

const NEWLINE = 10;
const SPACE = 32;
/** The state is the fourth cell: `sl local_address rem_address st`. */
const STATE_CELL = 4;

/** -1 for a byte that is no hexadecimal digit. */
function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte & ~32;
  return letter >= 65 && letter <= 70 ? letter - 55 : -1;
}

/** Counts sockets by state in a table that arrives in pieces cut anywhere. */
export class SocketCounter {
  /** Sockets per code. */
  readonly states = new Uint32Array(256);
  readonly #file: string;
  #line = 0;
  #cell = 0;
  #inCell = false;
  #state = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Counts the lines of a piece. Throws a ParseError. */
  feed(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const rest = this.#line === 0 || this.#cell > STATE_CELL;
      at = rest ? this.#toNextLine(bytes, at) : this.#step(bytes, at);
    }
  }

  /** All sockets counted. Throws a ParseError when the table lacks its heading or its end. */
  total(): number {
    if (this.#line === 0) throw parseFault(this.#file, 'has no heading');
    if (this.#cell > 0 || this.#inCell) throw parseFault(this.#file, 'ends within a line');
    return this.states.reduce((sum, count) => sum + count, 0);
  }

  #toNextLine(bytes: Uint8Array, from: number): number {
    const end = bytes.indexOf(NEWLINE, from);
    if (end < 0) return bytes.length;
    this.#line += 1;
    this.#cell = 0;
    this.#inCell = false;
    return end + 1;
  }

  /** One byte of the first four cells. */
  #step(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] ?? NEWLINE;
    if (byte === NEWLINE) throw parseFault(this.#file, `line ${this.#line + 1} is cut short`);
    if (byte === SPACE) {
      if (this.#inCell && this.#cell === STATE_CELL) this.#count();
      this.#inCell = false;
      return at + 1;
    }
    if (!this.#inCell) {
      this.#inCell = true;
      this.#cell += 1;
      this.#state = 0;
    }
    if (this.#cell === STATE_CELL) this.#addDigit(byte);
    return at + 1;
  }

  #addDigit(byte: number): void {
    const digit = hexDigit(byte);
    this.#state = this.#state * 16 + digit;
    if (digit < 0 || this.#state > 255) throw parseFault(this.#file, `line ${this.#line + 1} holds no state`);
  }

  #count(): void {
    this.states[this.#state] = (this.states[this.#state] ?? 0) + 1;
    // Past the state: the rest of the line is not looked at.
    this.#cell = STATE_CELL + 1;
  }
}

/** Counts one table; null when the system has none (IPv6 switched off). Throws a CollectorError. */
async function countTable(root: string, name: string, buffer: Buffer): Promise<SocketCounter | null> {
  const path = join(root, '/proc/net', name);
  const counter = new SocketCounter(`/proc/net/${name}`);
  try {
    const file = await open(path, 'r');
    try {
      for (let first = true; ; first = false) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) return counter;
        const piece = buffer.subarray(0, bytesRead);
        if (first && !piece.includes('local_address')) throw parseFault(path, 'does not begin with its heading');
        counter.feed(piece);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw accessFault(error, path);
  }
}

const of = (counter: SocketCounter | null, state: number): number => counter?.states[state] ?? 0;

/** Adds up both address families. */
function sumUp(tcp: readonly (SocketCounter | null)[], udp: readonly (SocketCounter | null)[]): ConnectionsRaw {
  const all = (counters: readonly (SocketCounter | null)[]): number => counters.reduce((sum, counter) => sum + (counter?.total() ?? 0), 0);
  const inState = (state: number): number => tcp.reduce((sum, counter) => sum + of(counter, state), 0);
  const active = inState(STATE.established);
  const listening = inState(STATE.listen);
  const timeWait = inState(STATE.timeWait);
  return { active, listening, timeWait, otherTcp: all(tcp) - active - listening - timeWait, udp: all(udp) };
}

/** Reads the four tables one after another. */
export function linuxConnections(root: string): Collector<'connections', ConnectionsRaw> {
  const buffer = Buffer.allocUnsafe(65_536);
  return {
    family: 'connections',
    read: async () => {
      const tcp = await countTable(root, 'tcp', buffer);
      if (tcp === null) throw accessFault(Object.assign(new Error('absent'), { code: 'ENOENT' }), join(root, '/proc/net/tcp'));
      const tcp6 = await countTable(root, 'tcp6', buffer);
      const udp = await countTable(root, 'udp', buffer);
      const udp6 = await countTable(root, 'udp6', buffer);
      return sumUp([tcp, tcp6], [udp, udp6]);
    },
    toReading: connectionsReading,
  };
}
