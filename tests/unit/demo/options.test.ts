import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysIn, parseDemo } from '../../demo/options';
import { MACHINES } from '../../demo/machines';

const names = Object.keys(MACHINES);

describe('the options of a demo', () => {
  it('are a machine, and what differs from the usual', () => {
    expect(parseDemo(['laptop'])).toMatchObject({ options: { action: 'run', machines: [MACHINES.laptop], days: 30, seed: 1, isKept: false, port: 8543, passed: [] } });
    expect(parseDemo(['nas', '--history=2y', '--seed=7', '--keep', '--headless', '--pair-as=admin', '--port=9000'])).toMatchObject({ options: { machines: [MACHINES.nas], days: 730, seed: 7, isKept: true, port: 9000, passed: ['--headless', '--pair-as=admin'] } });
    expect(parseDemo(['all', '--day', '--table', '--step=20'])).toMatchObject({ options: { action: 'table', step: 20, machines: Object.values(MACHINES) } });
  });

  it.each([
    [['tablet'], 'there is no machine "tablet"; there are laptop, server, nas, board'],
    [[], 'which machine? laptop, server, nas, board'],
    [['all'], 'there is no machine "all"'],
    [['laptop', 'nas'], 'one machine at a time; got "laptop nas"'],
    [['laptop', '--history=long'], '--history needs a time such as 2y, 30d, 12h or 0; got "--history=long"'],
    [['laptop', '--history'], '--history needs a time'],
    [['laptop', '--seed=x'], '--seed needs a whole number'],
    [['laptop', '--port=0'], '--port needs a port'],
    [['laptop', '--table'], '--day and --table are used together'],
    [['laptop', '--no-sandbox'], 'unknown option "--no-sandbox"'],
    [['laptop', '--keep=yes'], 'unknown option "--keep=yes"'],
  ])('%j is refused with what to do', (args, problem) => {
    const parsed = parseDemo(args);
    expect(parsed).toMatchObject({ exitCode: 2 });
    expect('text' in parsed ? parsed.text : '').toContain(`demo: ${problem}`);
  });

  it('has a help that names every machine', () => {
    const parsed = parseDemo(['--help']);
    expect(parsed).toMatchObject({ exitCode: 0 });
    for (const name of names) expect('text' in parsed ? parsed.text : '').toContain(name);
  });

  it('understands lengths of time, and nothing else', () => {
    expect([daysIn('2y'), daysIn('30d'), daysIn('12h'), daysIn('0'), daysIn('0.5d')]).toEqual([730, 30, 0.5, 0, 0.5]);
    expect(['', '5', '-1d', '1w', '20y', '1e3d'].map(daysIn)).toEqual([null, null, null, null, null, null]);
  });

  it('never throws, and runs only what it was asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...names, '--headless', '--history=1d'))), (args) => {
        const parsed = parseDemo(args);
        if ('options' in parsed) for (const { name } of parsed.options.machines) expect(args).toContain(name);
        else expect(parsed.text).not.toBe('');
      }),
    );
  });
});
