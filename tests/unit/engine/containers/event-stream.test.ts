/** The stream of events: any bytes in any chunks, repeats after a reconnection, and what engines write differently. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEngineEvent } from '../../../../src/main/engine/containers/engine-event';
import { LineSplitter } from '../../../../src/main/engine/containers/lines';
import { SeenEvents } from '../../../../src/main/engine/containers/seen-events';

function split(chunks: readonly Buffer[], most?: number): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), most);
  for (const chunk of chunks) splitter.push(chunk);
  return lines;
}

/** A text cut at some places. */
function cutAt(text: string, places: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/g, ' ').trim());

describe('lines', () => {
  it('are the same however the bytes arrive', () => {
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(400)), (lines, places) => {
        expect(split(cutAt(`${lines.join('\n')}\n`, places))).toEqual(lines.filter((one) => one !== ''));
      }),
    );
  });

  it('that are too long are left out, and those behind them are not', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('x'.repeat(50)), fc.constant('short'))), fc.array(fc.nat(600)), (lines, places) => {
        expect(split(cutAt(`${lines.join('\n')}\n`, places), 20)).toEqual(lines.filter((one) => one === 'short'));
      }),
    );
  });

  it('that do not end are not kept without a limit', () => {
    const splitter = new LineSplitter(() => undefined, 1000);
    const before = process.memoryUsage().arrayBuffers;
    for (let chunk = 0; chunk < 40_000; chunk += 1) splitter.push(Buffer.alloc(10_000, 97));
    // What is not kept is freed now and then.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200_000_000);
  });
});

describe('events after reconnections', () => {
  /** Events in the order of an engine, a little out of order in time, and where the connection breaks. */
  const history = fc.array(fc.record({ step: fc.integer({ min: 0, max: 2000 }), jitter: fc.integer({ min: -500, max: 500 }), breaks: fc.boolean(), id: fc.constantFrom('a', 'b') }), { maxLength: 60 });

  it('are all told, and each once', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 20 }), (steps, missed) => {
        let now = 1_700_000_000_000;
        const events = steps.map(({ step, jitter, breaks, id }, at) => ({ time: (now += step) + jitter, key: `${at} ${id}`, breaks }));
        const seen = new SeenEvents();
        seen.begin(1_700_000_000_000 - 5000);
        const told: string[] = [];
        const take = ({ key, time }: { key: string; time: number }): void => void (seen.isNew(key, time) && told.push(key));
        let lost = 0;
        events.forEach((event, at) => {
          if (lost > 0) {
            lost -= 1;
            return;
          }
          if (event.breaks) {
            // Some happen while nobody listens; then the engine repeats all since the time that it is asked for.
            lost = Math.min(missed, events.length - 1 - at);
            const since = (seen.since() ?? 0) * 1000;
            events.slice(0, at + lost + 1).filter(({ time }) => time >= since).forEach(take);
            return;
          }
          take(event);
        });
        expect(told.toSorted()).toEqual(events.map(({ key }) => key).toSorted());
      }),
    );
  });

  it('are remembered without growing', () => {
    const seen = new SeenEvents();
    for (let event = 0; event < 50_000; event += 1) expect(seen.isNew(`${event}`, 1_700_000_000_000 + event)).toBe(true);
    expect(seen.isNew('49999', 1_700_000_049_999)).toBe(false);
    expect(seen.isNew('40000', 1_700_000_040_000)).toBe(false);
    expect(seen.since()).toBe(1_700_000_044);
  });

  it('go on after the clock of the engine was set back', () => {
    const seen = new SeenEvents();
    for (let event = 0; event < 10_000; event += 1) seen.isNew(`${event}`, 1_700_000_000_000 + event);
    expect(seen.isNew('later', 1_699_990_000_000)).toBe(true);
    expect(seen.since()).toBe(1_699_989_995);
  });
});

describe('one event', () => {
  const actor = { ID: 'f'.repeat(64), Attributes: { name: 'web', image: 'nginx:1.27', exitCode: '3' } };

  it('is read with and without the fields that API 1.52 dropped', () => {
    const read = { kind: 'died', id: actor.ID, name: 'web', image: 'nginx:1.27', exitCode: 3, signal: null, health: null };
    expect(parseEngineEvent(JSON.stringify({ status: 'die', id: actor.ID, from: 'nginx:1.27', Type: 'container', Action: 'die', Actor: actor, time: 1796081412, timeNano: 1796081412710368300 }))).toMatchObject(read);
    expect(parseEngineEvent(JSON.stringify({ Type: 'container', Action: 'die', Actor: actor, time: 1796081412, timeNano: 1796081412710368300 }))).toMatchObject(read);
    expect(parseEngineEvent(JSON.stringify({ Action: 'die', Actor: actor, time: 1796081412 }))?.time).toBe(1796081412000);
  });

  it('tells health in the words of each engine', () => {
    const health = (action: string, attributes: object): unknown => parseEngineEvent(JSON.stringify({ Type: 'container', Action: action, Actor: { ID: 'a', Attributes: attributes }, time: 1 }))?.health;
    expect(health('health_status: unhealthy', {})).toBe('unhealthy');
    expect(health('health_status', { health_status: 'healthy' })).toBe('healthy');
    expect(health('health_status', {})).toBeNull();
  });

  it('is none where it is about something else, or is no event', () => {
    for (const text of ['', '{', 'null', '[]', '{"Type":"image","Action":"pull","Actor":{"ID":"a"},"time":1}', '{"Type":"container","Action":"exec_die","Actor":{"ID":"a"},"time":1}', '{"Type":"container","Action":"die","time":1}', '{"Type":"container","Action":"constructor","Actor":{"ID":"a"},"time":1}', '{"Type":"container","Action":"die","Actor":{"ID":"a"}}']) expect(parseEngineEvent(text)).toBeNull();
  });
});
