/** Whatever a program prints, it is a fault or values that a machine can have. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../../../../src/main/engine/collectors/collector';
import { parseTcp, parseUdp } from '../../../../../src/main/engine/collectors/connections.darwin';
import { parseDrivers } from '../../../../../src/main/engine/collectors/diskio.darwin';
import { parseSwapUsage, parseVmStat } from '../../../../../src/main/engine/collectors/memory.darwin';
import { parseMounts } from '../../../../../src/main/engine/collectors/mounts.darwin';
import { parseInterfaces } from '../../../../../src/main/engine/collectors/network.darwin';
import { parseCommands, parseNumbers } from '../../../../../src/main/engine/processes/processes.darwin';
import { printed } from '../../../../support/recorded-mac';
import type { Tool } from '../../../../support/recorded-mac';

const PARSERS: readonly (readonly [Tool, (text: string) => unknown])[] = [
  ['netstat-interfaces', (text) => [...parseInterfaces(text, {}).values()]],
  ['netstat-tcp', parseTcp],
  ['netstat-udp', parseUdp],
  ['ioreg', (text) => [...parseDrivers(text).values()]],
  ['mount', parseMounts],
  // What is used may come out below zero: the collector compares it with the whole.
  ['vm_stat', (text) => ({ ...parseVmStat(text, 0), used: 0 })],
  ['swapusage', parseSwapUsage],
  ['ps-numbers', parseNumbers],
  ['ps-commands', (text) => [...parseCommands(text).values()]],
];

/** All numbers in what was parsed. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null && !(value instanceof Set) ? Object.values(value).flatMap(numbersIn) : [];
}

/** A recorded text that something went wrong with: cut off, a part lost, other characters in between. */
const damaged = (text: string): fc.Arbitrary<string> =>
  fc.tuple(fc.nat(text.length), fc.nat(40), fc.oneof(fc.string(), fc.constantFrom('', '\n', '-', '99999999999999999999999', '\u0000', ' <Link#1> ', ' on / (', '"Statistics" = {'))).map(([at, length, between]) => text.slice(0, at) + between + text.slice(at + length));

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'grapheme', maxLength: 300 }));

describe.each(PARSERS)('%s', (tool, parse) => {
  const recorded = printed('macbook-m3-26', tool);

  it('is a fault, or numbers that are no less than zero', () => {
    fc.assert(
      fc.property(fc.oneof(damaged(recorded), anyText), (text) => {
        try {
          for (const number of numbersIn(parse(text))) expect(Number.isFinite(number) && number >= 0).toBe(true);
        } catch (error) {
          if (!(error instanceof CollectorError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is understood or refused where a line is very long', () => {
    const long = ` on /${' '.repeat(50_000)}(x`.repeat(2) + 'M-'.repeat(50_000);
    const outcome = (): unknown => {
      try {
        return parse(`${recorded}${long}\n`);
      } catch (error) {
        return error;
      }
    };
    expect(outcome()).toSatisfy((result) => !(result instanceof Error) || result instanceof CollectorError);
  });
});
