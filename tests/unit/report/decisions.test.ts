/** What a reporter decides by itself: when the next report is due, what an answer means, what is worth a line of the timeline. */
import { assert, array, boolean, constantFrom, double, integer, oneof, property, record, constant } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replyOf } from '../../../src/main/report/hub-answer';
import { hubEvent, NOTHING_TOLD } from '../../../src/main/report/hub-events';
import { FIRST_PACE, nextReport } from '../../../src/main/report/report-pace';
import type { Outcome } from '../../../src/main/report/report-pace';
import type { ReporterStatus } from '../../../src/main/report/reporter';

const MINUTE = 60_000;
const failed: Outcome = { kind: 'failed', retryAfter: null };

describe('the next report', () => {
  it('comes after the interval that the hub wants, and at once while a backlog moves', () => {
    const stored = { kind: 'stored', hasMoved: true, hasMore: false, interval: 1000 } as const;
    expect(nextReport(FIRST_PACE, stored, 0).wait).toBe(1000);
    expect(nextReport(FIRST_PACE, { ...stored, hasMore: true }, 0).wait).toBe(250);
    expect(nextReport(FIRST_PACE, { ...stored, hasMore: true, hasMoved: false }, 0).wait).toBe(1000);
  });

  it('is tried again after 1 s, doubled to a minute, half of it by chance', () => {
    let pace = FIRST_PACE;
    const waits = Array.from({ length: 9 }, () => {
      const next = nextReport(pace, failed, 1);
      expect(nextReport(pace, failed, 0).wait).toBe(next.wait / 2);
      ({ pace } = next);
      return next.wait / 1000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(nextReport(FIRST_PACE, { kind: 'failed', retryAfter: 90_000 }, 0).wait).toBe(90_000);
    expect(nextReport(FIRST_PACE, { kind: 'failed', retryAfter: 1e9 }, 0).wait).toBe(15 * MINUTE);
  });

  it('never comes more often than four times a second, whatever the hub answers', () => {
    const outcome = oneof(
      record({ kind: constant('stored' as const), hasMoved: boolean(), hasMore: boolean(), interval: integer({ min: 500, max: 60_000 }) }),
      record({ kind: constant('elsewhere' as const), interval: integer({ min: 500, max: 60_000 }) }),
      record({ kind: constantFrom('failed' as const), retryAfter: constantFrom(null, 0, 5000) }),
      record({ kind: constant('refused' as const) }),
    );
    assert(
      property(array(record({ outcome, random: double({ min: 0, max: 0.999, noNaN: true }) })), (history) => {
        let pace = FIRST_PACE;
        let disputed = 0;
        for (const one of history) {
          const next = nextReport(pace, one.outcome, one.random);
          ({ pace } = next);
          expect(next.wait).toBeGreaterThanOrEqual(250);
          disputed = one.outcome.kind === 'elsewhere' ? disputed + 1 : one.outcome.kind === 'failed' ? disputed : 0;
          // A hub that says again and again that its copy ends elsewhere is not asked at that rate.
          if (one.outcome.kind === 'elsewhere' && disputed > 1) expect(next.wait).toBe(one.outcome.interval);
        }
      }),
    );
  });
});

it('an answer that is none is a failure, not a refusal', () => {
  const reply = (status: number, text = '{}', retryAfter: number | null = null): string => replyOf({ status, text, retryAfter }).kind;
  expect([200, 301, 429, 500, 502].map((status) => reply(status))).toEqual(['failed', 'failed', 'failed', 'failed', 'failed']);
  expect([400, 401, 403, 404, 409].map((status) => reply(status))).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
  expect(reply(200, '<html>')).toBe('failed');
  expect(reply(413)).toBe('tooLarge');
  expect(replyOf({ status: 429, text: '', retryAfter: 7 })).toMatchObject({ retryAfter: 7000 });
});

describe('the timeline', () => {
  const status = (change: Partial<ReporterStatus>): ReporterStatus => ({ state: 'reporting', reportedAt: null, behind: 0, reason: null, isCopy: false, ...change });

  /** The events of statuses at times, minutes. */
  function events(history: readonly (readonly [number, Partial<ReporterStatus>])[]): string[] {
    let told = NOTHING_TOLD;
    return history.flatMap(([minute, change]) => {
      const next = hubEvent(told, status(change), 'nas', minute * MINUTE);
      ({ told } = next);
      return next.event === null ? [] : [next.event.message];
    });
  }

  it('tells once that a hub is away, after five minutes, and that it is back', () => {
    const away = { state: 'retrying', reason: 'The hub does not answer.' } as const;
    expect(events([[0, {}], [1, away], [3, away], [4, {}], [5, {}]])).toEqual([]);
    expect(events([[0, away], [4, away], [6, away], [9, away], [12, { behind: 12 * MINUTE }], [13, {}]])).toEqual([
      'nas has not been reached for 6 min. What it misses is sent when it is back. The hub does not answer.',
      'nas takes reports again; it is sent the 12 min that it missed',
    ]);
  });

  it('tells a refusal once, with what to do', () => {
    const refused = { state: 'refused', reason: 'Join it again.' } as const;
    expect(events([[0, refused], [10, refused], [20, {}]])).toEqual(['Nothing is reported to nas. Join it again.', 'nas takes reports again']);
  });
});
