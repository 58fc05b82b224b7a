/** What nvidia-smi prints, line by line. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, FIELDS, parseLine, reasonIn, refusedField } from '../../../../src/main/engine/collectors/gpu/nvidia-lines';
import { parsePmon } from '../../../../src/main/engine/processes/pmon';
import { gpuFixture } from '../../../support/gpu-tree';

const linesOf = (name: string): string[] => gpuFixture(`nvidia-smi/${name}.txt`).split('\n').filter((line) => line !== '');
const parsed = (name: string) => linesOf(name).map((line) => parseLine(line, FIELDS));

describe('a line of nvidia-smi', () => {
  it('has the values of one card, in our units', () => {
    const [laptop, server] = parsed('two-cards');
    expect(laptop).toMatchObject({ address: '0000:01:00.0', name: 'NVIDIA GeForce RTX 4070 Laptop GPU', isMig: false });
    expect(laptop?.values).toMatchObject({ load: 37, memoryUsed: 1024 * 2 ** 20, memoryTotal: 8188 * 2 ** 20, temperature: 54, power: 41.52, clock: 1.98e9, fanShare: null, encoder: 3, decoder: 12 });
    expect(server).toMatchObject({ address: '0000:41:00.0', values: { load: 0, fanShare: 30 } });
  });

  it('has nothing in place of what is not told: never 0', () => {
    const [gt710, lost] = parsed('untold');
    expect(gt710?.values).toMatchObject({ load: null, power: null, clock: null, encoder: null, temperature: 38, fanShare: 40 });
    expect(lost?.values).toMatchObject({ load: null, memoryUsed: null, temperature: null, memoryTotal: 12288 * 2 ** 20 });
  });

  it('of a card in instances has its memory, and no load', () => {
    expect(parsed('mig')[0]).toMatchObject({ isMig: true, values: { load: null, memoryUsed: 1234 * 2 ** 20, power: 120.45 } });
  });

  it('that was cut is none, and the next one is whole again', () => {
    expect(parsed('cut').map((line) => line?.values.load ?? null)).toEqual([null, null, 38]);
  });

  it('cut anywhere gives no value that the whole line does not have, but for the last number', () => {
    const [line = ''] = linesOf('two-cards');
    fc.assert(fc.property(fc.integer({ min: 0, max: line.length - 1 }), (end) => {
      const cut = parseLine(line.slice(0, end), FIELDS);
      const whole = parseLine(line, FIELDS);
      expect(cut === null || JSON.stringify({ ...cut.values, decoder: null }) === JSON.stringify({ ...whole?.values, decoder: null })).toBe(true);
    }));
  });

  it('is no line for any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      expect(parseLine(text, FIELDS)).toBeNull();
    }));
  });

  it.each([['00000000:01:00.0', '0000:01:00.0'], ['0001:C1:00.0', '0001:c1:00.0'], ['00010000:3B:00.0', '10000:3b:00.0'], ['[N/A]', null]])('names %s as %s', (busId, address) => {
    expect(addressOf(busId)).toBe(address);
  });
});

describe('a sentence of nvidia-smi', () => {
  it.each([
    ['mismatch', /updated.*restart the machine/],
    ['no-driver', /not loaded/],
    ['lost', /lost the card/],
  ])('%s says what to do', (name, reason) => {
    expect(reasonIn(linesOf(name))).toMatch(reason);
  });

  it('that nobody knows is passed on, and none at all is said', () => {
    expect(reasonIn(['Something new'])).toBe('nvidia-smi says: Something new');
    expect(reasonIn([])).toMatch(/without a word/);
  });

  it('names the field that an older driver does not know', () => {
    expect(linesOf('old-driver').map(refusedField)).toEqual(['utilization.encoder']);
    expect(refusedField('Field "nothing" is not a valid field to query.')).toBeNull();
  });
});

it('the table of processes has the busiest unit of each, on any card', () => {
  expect([...parsePmon(gpuFixture('nvidia-smi/pmon.txt'))]).toEqual([[4711, 91], [4712, 12]]);
  expect(parsePmon('Failed to initialize NVML: Unknown Error\n').size).toBe(0);
});
