/** The default rules on memory and swap: when they fire, when they do not, and when they resolve. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import type { Rule } from '../../../../src/shared/alerts/rule';
import { reading, SimulatedMachine } from '../../../support/evaluator';

function defaultRule(id: string): Rule {
  const rule = DEFAULT_RULES.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no default rule ${id}`);
  return rule;
}

const machineWith = (id: string): SimulatedMachine => new SimulatedMachine(defaultRule(id));
const notifying = ({ events }: SimulatedMachine): string[] => events.filter(({ kind, incident, rule }) => (kind === 'fired' || kind === 'escalated') && rule?.channels[incident.severity].notify === true).map(({ incident }) => incident.severity);

describe('memory and swap', () => {
  const memory = (machine: SimulatedMachine, seconds: number, values: Record<string, number | null>): SimulatedMachine => machine.run(seconds, 'memory', () => reading(values));

  const MIB = 1024 ** 2;
  const calm = { swapIn: 0, swapOut: 0, pressure: 0 };

  it.each<[string, Record<string, number | null>]>([
    ['pages are read back from swap', { ...calm, swapIn: MIB }],
    ['pages are written to swap', { ...calm, swapOut: 4 * MIB }],
    ['tasks wait for memory', { ...calm, pressure: 10 }],
    ['tasks wait for memory, without swap', { swapIn: null, swapOut: null, pressure: 10 }],
    ['the machine has none of these values', { swapIn: null, swapOut: null, pressure: null }],
    ['the collector does not know them', {}],
  ])('memory warns at 70 and is critical at 85, each for two minutes, while %s', (_, missed) => {
    const at = (machine: SimulatedMachine, seconds: number, usage: number): SimulatedMachine => memory(machine, seconds, { usage, ...missed });
    expect(at(machineWith('memory-usage'), 121, 70).lines).toEqual(['121 fired warning']);
    expect(at(machineWith('memory-usage'), 120, 84.9).lines).toEqual([]);
    expect(at(machineWith('memory-usage'), 600, 69.9).lines).toEqual([]);
    const both = at(machineWith('memory-usage'), 121, 85);
    expect(both.lines).toEqual(['121 fired critical']);
    expect(at(at(at(both, 60, 81), 31, 80), 31, 65).lines.slice(1)).toEqual(['212 deescalated warning', '243 resolved']);
    expect(notifying(both)).toEqual(['critical']);
  });

  it.each<[string, Record<string, number | null>]>([
    ['nothing else is wrong', calm],
    ['swap is tidied up', { ...calm, swapOut: 3.9 * MIB, swapIn: MIB - 1 }],
    ['there is no swap', { swapIn: null, swapOut: null, pressure: 9.9 }],
    ['the kernel reports no pressure', { swapIn: 0, swapOut: 0, pressure: null }],
  ])('memory in use is no fault while %s', (_, values) => {
    expect(memory(machineWith('memory-usage'), 7200, { usage: 99, ...values }).lines).toEqual([]);
  });

  it('memory is told after two minutes of swapping in a row, and resolved when that is over', () => {
    const bursts = machineWith('memory-usage').run(3600, 'memory', (at) => reading({ usage: 88, ...calm, swapIn: at % 120 < 110 ? 20 * MIB : 0 }));
    expect(bursts.lines).toEqual([]);
    const busy = memory(machineWith('memory-usage'), 121, { usage: 88, ...calm, swapIn: 20 * MIB });
    expect(busy.lines).toEqual(['121 fired critical']);
    // Back above the recovery value is not over.
    expect(memory(busy, 600, { usage: 88, ...calm, swapIn: MIB / 2 }).lines).toHaveLength(1);
    expect(memory(busy, 31, { usage: 88, ...calm }).lines.slice(1)).toEqual(['752 resolved']);
  });

  it('memory is not told for what is unknown for some seconds after a start or a gap', () => {
    const starting = memory(machineWith('memory-usage'), 10, { usage: 90, swapIn: null, swapOut: null, pressure: null });
    expect(memory(starting, 3600, { usage: 90, ...calm }).lines).toEqual([]);
  });

  it('memory that loses all of these values is watched by its level alone', () => {
    const calmly = memory(machineWith('memory-usage'), 600, { usage: 90, ...calm });
    expect(memory(calmly, 121, { usage: 90, swapIn: null, swapOut: null, pressure: null }).lines).toEqual(['721 fired critical']);
  });

  it('swap warns at 80 for five minutes and is critical at 95 for two, while memory is short as well', () => {
    expect(memory(machineWith('swap-usage'), 301, { swapUsage: 80, usage: 70, ...calm, pressure: 10 }).lines).toEqual(['301 fired warning']);
    expect(memory(machineWith('swap-usage'), 301, { swapUsage: 80, usage: 70, ...calm, swapIn: MIB }).lines).toEqual(['301 fired warning']);
    expect(memory(machineWith('swap-usage'), 301, { swapUsage: 80, usage: 85 }).lines).toEqual(['301 fired warning']);
    expect(memory(machineWith('swap-usage'), 900, { swapUsage: 79.9, usage: 99 }).lines).toEqual([]);
    expect(memory(machineWith('swap-usage'), 121, { swapUsage: 95, usage: 85 }).lines).toEqual(['121 fired critical']);
    expect(memory(machineWith('swap-usage'), 300, { swapUsage: 94, usage: 99 }).lines).toEqual([]);
    expect(memory(machineWith('swap-usage'), 900, { swapUsage: 100, usage: 84, ...calm, pressure: 20 }).lines).toEqual(['301 fired warning']);
  });

  it.each([
    ['zram that is full', { swapUsage: 97, usage: 40 }],
    ['pages left in swap', { swapUsage: 100, usage: 69.9 }],
    ['memory whose use is unknown', { swapUsage: 100, usage: null }],
    ['full zram while a fifth of memory is free', { swapUsage: 100, usage: 79, ...calm }],
    ['the same on a kernel without pressure', { swapUsage: 100, usage: 79, swapIn: 0, swapOut: 0, pressure: null }],
  ])('swap does not fire on a healthy machine: %s', (_, values) => {
    const healthy = memory(machineWith('swap-usage'), 3600, values);
    expect(healthy.lines).toEqual([]);
  });

  it('swap resolves when memory is free again, although it stays full', () => {
    const busy = memory(machineWith('swap-usage'), 121, { swapUsage: 97, usage: 90 });
    memory(busy, 60, { swapUsage: 97, usage: 81, ...calm, pressure: 20 });
    expect(busy.lines).toEqual(['121 fired critical']);
    expect(memory(memory(busy, 31, { swapUsage: 97, usage: 80, ...calm, pressure: 20 }), 31, { swapUsage: 97, usage: 65, ...calm }).lines.slice(1)).toEqual(['212 deescalated warning', '243 resolved']);
  });

  it('swap that fired before the rule looked at memory resolves on a healthy machine', () => {
    const rule = defaultRule('swap-usage');
    const unguarded = { ...rule, warning: rule.warning && { ...rule.warning, guard: null, anyOf: [] }, critical: rule.critical && { ...rule.critical, guard: null } };
    const old = memory(new SimulatedMachine(unguarded), 121, { swapUsage: 97, usage: 40 });
    expect(old.lines).toEqual(['121 fired critical']);
    expect(memory(old.restart(10, undefined, [rule]), 60, { swapUsage: 97, usage: 40 }).lines.slice(1)).toEqual(['162 resolved']);
  });

  it('swap does not fire on a machine without swap', () => {
    const none = memory(machineWith('swap-usage'), 900, { usage: 99, swapUsage: null });
    expect(none.lines).toEqual([]);
    expect(none.evaluator.open()).toEqual([]);
  });
});
