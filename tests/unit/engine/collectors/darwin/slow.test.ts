/** Connections of macOS from recorded outputs of netstat, and what macOS does not tell. */
import { describe, expect, it } from 'vitest';
import { parseTcp, parseUdp } from '../../../../../src/main/engine/collectors/connections.darwin';
import { darwinTemperature } from '../../../../../src/main/engine/collectors/temperature.darwin';
import type { ThermalState } from '../../../../../src/main/engine/collectors/deps';
import { failureOf } from '../../../../support/recorded-machine';
import { printed, RecordedMac } from '../../../../support/recorded-mac';

const HEAD = 'Active Internet connections (including servers)\nProto Recv-Q Send-Q  Local Address          Foreign Address        (state)\n';

describe('connections', () => {
  it('count by state; closed ones are none', () => {
    expect(parseTcp(printed('macbook-m3-26', 'netstat-tcp'))).toEqual({ active: 3, sockets: 7, timeWait: 2 });
    expect(parseUdp(printed('macbook-m3-26', 'netstat-udp'))).toBe(3);
    expect(parseTcp(printed('imac-intel-13', 'netstat-tcp'))).toEqual({ active: 1, sockets: 3, timeWait: 0 });
  });

  it.each([
    ['ESTABLISHED', 1, 1, 0], ['CLOSE_WAIT', 1, 1, 0], ['LISTEN', 0, 1, 0], ['SYN_SENT', 0, 1, 0], ['SYN_RCVD', 0, 1, 0], ['FIN_WAIT_1', 0, 1, 0], ['FIN_WAIT_2', 0, 1, 0],
    ['LAST_ACK', 0, 1, 0], ['CLOSING', 0, 1, 0], ['TIME_WAIT', 0, 0, 1], ['CLOSED', 0, 0, 0], ['', 0, 0, 0],
  ])('in state %s', (state, active, sockets, timeWait) => {
    expect(parseTcp(`${HEAD}tcp4       0      0  10.0.0.7.1             10.0.0.8.2             ${state}\n`)).toEqual({ active, sockets, timeWait });
  });

  it('are counted every half minute by two programs', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const { connections } = mac.collectors();
    for (let second = 0; second < 60; second += 5) {
      await connections.read();
      mac.time.stall(5000);
    }
    expect(mac.started).toHaveLength(4);
    expect(connections.toReading(await connections.read(), null)).toEqual({ values: { active: 3, sockets: 7, timeWait: 2, udp: 3 }, devices: {}, note: 'counted every 30 s' });
  });

  it.each(['missing', 'failed', 'late', 'empty', 'garbled'] as const)('are a fault where netstat is %s, not the counts of before, and not zero', async (how) => {
    const mac = new RecordedMac('macbook-m3-26');
    const { connections } = mac.collectors();
    await connections.read();
    mac.break(how).time.stall(30_000);
    expect(await failureOf(() => connections.read())).toHaveProperty('kind');
    mac.answers.clear();
    mac.break(how, ['netstat-udp']).time.stall(30_000);
    expect(connections.toReading(await connections.read(), null).values).toEqual({ active: 3, sockets: 7, timeWait: 2, udp: null });
  });
});

describe('what macOS does not tell', () => {
  it('is absent, with the reason, and starts nothing', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    const { frequency, temperature } = mac.collectors(true);
    expect(frequency.toReading(await frequency.read(), null)).toEqual({ values: { average: null, highest: null }, devices: {}, note: 'macOS does not tell programs how fast the processor runs at present.' });
    expect(temperature.toReading(await temperature.read(), null)).toEqual({ values: { hottest: null }, devices: {}, note: 'macOS does not tell programs its temperatures. Its thermal state is nominal.' });
    expect(mac.started).toEqual([]);
  });

  it.each([undefined, () => null, () => 'unknown'] as (undefined | (() => ThermalState | null))[])('says nothing of a thermal state that is not known', async (thermalState) => {
    const temperature = darwinTemperature(thermalState === undefined ? {} : { thermalState });
    expect(temperature.toReading(await temperature.read(), null).note).toBe('macOS does not tell programs its temperatures.');
  });
});
