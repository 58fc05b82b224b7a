/** Events of the timeline: what is said, and that they are few. And the last lines of a log. */
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../../src/main/engine/containers/fates';
import { parseLogLines } from '../../../../src/main/engine/containers/log-lines';
import { ContainerTimeline } from '../../../../src/main/engine/containers/timeline';
import type { EventInput } from '../../../../src/shared/timeline/event-schemas';
import { createManualTimers } from '../../../support/timers';

function world(): { events: (EventInput & { time: number })[]; timers: ReturnType<typeof createManualTimers>; add(kind: Happening['kind'], name: string, exitCode?: number): void } {
  const events: (EventInput & { time: number })[] = [];
  const timers = createManualTimers();
  const timeline = new ContainerTimeline({ clock: { now: () => 5000 }, timers }, (event, time) => events.push({ ...event, time }));
  return {
    events,
    timers,
    add: (kind, name, exitCode) => timeline.add({ kind, id: name.repeat(8), name, image: 'nginx', time: 6000, exitCode: exitCode ?? null }, { label: name, series: `container.running@${name}`, engine: 'Docker', logLines: [] }),
  };
}

describe('the timeline', () => {
  it('holds a start back for a moment, in which it may become a restart', () => {
    const { events, timers, add } = world();
    add('started', 'one');
    expect(events).toEqual([]);
    timers.advance(200);
    add('started', 'two');
    add('restarted', 'two');
    add('started', 'three');
    add('died', 'three', 1);
    timers.advance(200);
    expect(events.map(({ message }) => message)).toEqual(['one was started', 'two was started again', 'three was started', 'three ended with exit code 1']);
    expect(events[0]).toMatchObject({ type: 'container_started', severity: 'info', time: 5000, details: { container: 'one', image: 'nginx', engine: 'Docker', series: 'container.running@one' } });
  });

  it('sums up a loop, and lets others be heard', () => {
    const { events, timers, add } = world();
    for (let times = 0; times < 500; times += 1) {
      add('died', 'loop', 1);
      add('restarted', 'loop');
    }
    add('oom', 'other');
    expect(events).toHaveLength(7);
    expect(events.at(-1)?.message).toBe('other ran out of memory, and something in it was killed');
    timers.advance(60_000);
    expect(events).toHaveLength(8);
    expect(events.at(-1)).toMatchObject({ type: 'container_died', message: 'loop ended with exit code 1; in this minute ended 497 times, restarted 497 times more', details: { more: { died: 497, restarted: 497 } } });
    add('died', 'loop', 1);
    expect(events).toHaveLength(9);
  });

  it('sums up many that come and go', () => {
    const { events, timers, add } = world();
    for (let job = 0; job < 1000; job += 1) add('stopped', `job-${job}`, 0);
    expect(events).toHaveLength(40);
    timers.advance(60_000);
    expect(events).toHaveLength(41);
    expect(events.at(-1)).toMatchObject({ message: '960 more containers were started, stopped or ended in this minute', details: { more: { containers: 960, events: 960 } } });
  });
});

describe('log lines', () => {
  const frame = (stream: number, text: string): Buffer => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };

  it('come from frames of both streams, and from the text of a terminal', () => {
    expect(parseLogLines(Buffer.concat([frame(1, 'one\n'), frame(2, 'two\nth'), frame(2, 'ree\n')]))).toEqual(['one', 'two', 'three']);
    expect(parseLogLines(Buffer.from('one\r\ntwo\r\n'))).toEqual(['one', 'two']);
    expect(parseLogLines(Buffer.alloc(0))).toEqual([]);
  });

  it('are few, short and visible, also of a frame that was cut', () => {
    const long = parseLogLines(frame(1, Array.from({ length: 9 }, (_, at) => `${at} ${'x'.repeat(500)}`).join('\n')));
    expect(long).toHaveLength(5);
    expect(long.every((line) => line.length === 200)).toBe(true);
    expect(parseLogLines(frame(1, '\u001b[31mred\u202e\u200b\n\n'))).toEqual(['[31mred']);
    expect(parseLogLines(frame(1, 'whole\nha').subarray(0, 12))).toEqual(['whol']);
  });
});
