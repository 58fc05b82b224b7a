/** Engines whose events end too early: they are followed again, and not more often than an engine that does not answer. */
import { afterEach, expect, it } from 'vitest';
import { systemTimers } from '../../../../src/main/engine/clock';
import { until } from '../../../support/desktop';
import { RECORDINGS, startRecordedEngine } from '../../../support/recorded-engine';
import { watchEngines } from '../../../support/watched-engines';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** Timers that pass quickly; `asked` gets all times. */
function quickTimers() {
  const asked: number[] = [];
  const after: typeof systemTimers.after = (ms, task) => {
    asked.push(ms);
    return systemTimers.after(ms > 1000 ? Math.max(500, ms / 30) : ms, task);
  };
  return { asked, timers: { ...systemTimers, after } };
}

it('events that end while the list is asked for are followed again', async () => {
  const engine = await startRecordedEngine(RECORDINGS['Docker 1.47']?.() ?? expect.fail(), (path) => {
    if (path === '/containers/json' && engine.streams.length === 1) engine.breakStreams();
    return false;
  });
  ends.push(() => engine.stop());
  const { containers } = watchEngines([`unix://${engine.socket}`], { timers: quickTimers().timers });
  ends.push(() => containers.close());
  await until('a second stream', async () => {
    await containers.read();
    return engine.streams.length >= 2 ? true : undefined;
  });
});

it('an engine that ends its events again and again is asked in growing pauses', async () => {
  const engine = await startRecordedEngine(RECORDINGS['Docker 1.47']?.() ?? expect.fail(), (path) => {
    if (path === '/events') setTimeout(() => engine.breakStreams(), 200);
    return false;
  });
  ends.push(() => engine.stop());
  const { asked, timers } = quickTimers();
  const { containers } = watchEngines([`unix://${engine.socket}`], { timers });
  ends.push(() => containers.close());
  await until('a long pause', async () => {
    await containers.read();
    return asked.includes(15_000) ? true : undefined;
  });
});
