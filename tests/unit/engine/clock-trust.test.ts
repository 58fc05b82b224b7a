import Database from 'better-sqlite3';
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceTrustedClock, CLOCK_FLOOR, isPlausibleTime } from '../../../src/main/engine/clock-trust';
import type { TrustedClock } from '../../../src/main/engine/clock-trust';
import { horizonFor, loweredHorizon } from '../../../src/main/engine/store/jobs/retention';
import { MaintenanceState } from '../../../src/main/engine/store/maintenance-state';
import { advanceRetentionClock, RetentionClock } from '../../../src/main/engine/store/retention-clock';
import type { RetentionJump } from '../../../src/main/engine/store/retention-clock';
import { TIERS } from '../../../src/main/engine/store/tiers';
import { clockHistories, shown } from '../../support/clock-histories';
import type { ClockShows, ClockStretch } from '../../support/clock-histories';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 10, 20, 12);
/** Two rounds of maintenance are this far apart here, ms. */
const ROUND = 10 * MINUTE;
const KEEP_DAYS = 40;
const TIERS_SEEN = [0, 1, 2, 3] as const;

/** A machine whose retention counts from its clock: the true time, what it believes, and where its tiers begin. */
class Board {
  time = Date.UTC(2028, 2, 1);
  readonly jumps: RetentionJump[] = [];
  readonly horizons = TIERS_SEEN.map(() => 0);
  /** Stretches of true time with samples that are dated right. */
  readonly sampled: { from: number; to: number }[] = [];
  now = 0;
  #up = 0;
  #mono = 0;
  readonly #state: MaintenanceState;
  #clock: RetentionClock;

  constructor() {
    const db = new Database(':memory:');
    db.exec('CREATE TABLE state (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID');
    this.#state = new MaintenanceState(db);
    this.#clock = this.#begin();
  }

  #begin(): RetentionClock {
    return new RetentionClock({ state: this.#state }, null, (jump) => this.jumps.push(jump));
  }

  away(ms: number, isRestart: boolean): void {
    this.time += ms;
    if (!isRestart) return;
    this.#up = 0;
    this.#mono = 0;
    this.#clock = this.#begin();
  }

  /** Runs for `ms`; `onRound` is called after each round. */
  run(ms: number, clock: ClockShows, onRound: () => void = () => undefined): void {
    const stretch = { from: this.time, to: this.time };
    if (clock.kind === 'right') this.sampled.push(stretch);
    let step = 0;
    for (let left = ms; left > 0; left -= step) {
      // The first round comes a minute after the start.
      step = Math.min(this.#mono === 0 ? MINUTE : ROUND, left);
      this.time += step;
      this.#up += step;
      this.#mono += step;
      stretch.to = this.time;
      this.#round(shown(clock, this.time, this.#up));
      onRound();
    }
  }

  #round(claimed: number): void {
    const { now, since } = this.#clock.advance(claimed, this.#mono, claimed);
    this.now = now;
    for (const tier of TIERS_SEEN) {
      this.horizons[tier] = Math.max(loweredHorizon(this.horizons[tier] ?? 0, since, tier), horizonFor(now - Board.#keep(tier), tier));
    }
  }

  static #keep(tier: (typeof TIERS_SEEN)[number]): number {
    return Math.min(TIERS[tier].keep, KEEP_DAYS * DAY);
  }

  /** Samples younger than their tier is kept, by true time, that are before its horizon: "tier: ms too young". */
  lost(): string[] {
    return TIERS_SEEN.flatMap((tier) => {
      const horizon = this.horizons[tier] ?? 0;
      const youngest = Math.max(...this.sampled.map(({ from, to }) => (from < horizon ? Math.min(to, horizon) : 0)));
      const tooYoung = youngest - (this.time - Board.#keep(tier));
      return tooYoung > 0 ? [`${TIERS[tier].name}: ${tooYoung}`] : [];
    });
  }

  live({ away, isRestart, runs, shows }: ClockStretch, onRound?: () => void): void {
    this.away(away, isRestart);
    this.run(runs, shows, onRound);
  }
}

describe('the clock that retention counts from', () => {
  const start: TrustedClock = { now: NOON, sinceJump: 0 };

  it('follows the system clock, and believes a jump only after some time at the new time', () => {
    expect(advanceRetentionClock(null, NOON, 0)).toMatchObject(start);
    expect(advanceRetentionClock(start, NOON + MINUTE, MINUTE)).toEqual({ now: NOON + MINUTE, sinceJump: 0 });
    expect(advanceRetentionClock(start, NOON + 10 * HOUR, 0)).toEqual({ now: NOON, sinceJump: 0 });
    expect(advanceRetentionClock({ now: NOON, sinceJump: HOUR - 1 }, NOON + 10 * HOUR, 1)).toEqual({ now: NOON + 10 * HOUR, sinceJump: 0 });
    expect(advanceRetentionClock({ now: NOON, sinceJump: 20 * HOUR }, NOON + 1000 * HOUR, HOUR)).toMatchObject({ now: NOON + HOUR, sinceJump: 21 * HOUR });
  });

  it('follows a step back at once, and remembers for a while what was believed before', () => {
    const back = advanceRetentionClock(start, NOON - DAY, MINUTE);
    expect(back).toMatchObject({ now: NOON - DAY, high: NOON + MINUTE });
    expect(advanceRetentionClock(back, NOON + 2 * MINUTE, MINUTE)).toEqual({ now: NOON + 2 * MINUTE, sinceJump: 0 });
    let clock = back;
    for (let ran = 0; ran <= HOUR; ran += ROUND) clock = advanceRetentionClock(clock, clock.now + ROUND, ROUND);
    expect(clock).toEqual({ now: NOON - DAY + HOUR + ROUND, sinceJump: 0 });
  });

  it('that was never set does not undo what had been believed', () => {
    const before = advanceRetentionClock({ now: Date.UTC(2026, 9, 1), sinceJump: 0 }, 120_000, 0);
    expect(before).toEqual({ now: Date.UTC(2026, 9, 1), sinceJump: 0 });
    expect(advanceRetentionClock(before, Date.UTC(2026, 9, 1, 0, 10), 480_000)).toEqual({ now: Date.UTC(2026, 9, 1, 0, 10), sinceJump: 0 });
  });

  it('believes no first clock that is impossible or far ahead, but one that a new installation may show', () => {
    expect(advanceRetentionClock(null, 120_000, 0).now).toBe(0);
    expect(advanceRetentionClock({ now: 600_000, sinceJump: 480_000 }, NOON, MINUTE)).toMatchObject({ now: NOON, sinceJump: 0 });
    let clock = advanceRetentionClock(null, Date.UTC(2036, 0, 1), 0);
    for (let ran = 0; ran < 14 * DAY - HOUR; ran += HOUR) clock = advanceRetentionClock(clock, Date.UTC(2036, 0, 1) + ran + HOUR, HOUR);
    expect(clock.now).toBe(0);
    expect(advanceRetentionClock(clock, Date.UTC(2036, 0, 15), HOUR).now).toBe(Date.UTC(2036, 0, 15));
    expect(advanceRetentionClock(clock, NOON, HOUR)).toMatchObject({ now: NOON, sinceJump: 0 });
  });

  it('takes the newest sample of a history without a clock for the time that was believed', () => {
    expect(advanceRetentionClock(null, NOON, 0, NOON - 90 * DAY)).toMatchObject({ now: NOON - 90 * DAY, sinceJump: 0 });
    expect(advanceRetentionClock(null, NOON, 0, NOON + 90 * DAY)).toMatchObject({ now: NOON, sinceJump: 0 });
  });

  it('measures a later jump from what is believed, and lets the earlier one end no other wait', () => {
    const ten = advanceTrustedClock({ now: NOON, sinceJump: 0 }, NOON + 20 * HOUR, 59 * MINUTE);
    const both = advanceTrustedClock(ten, NOON + 10 * DAY, 2 * MINUTE);
    expect(both).toMatchObject({ now: NOON + 20 * HOUR + 2 * MINUTE, sinceJump: 0 });
    const less = advanceTrustedClock({ now: NOON, sinceJump: 20 * HOUR, claimed: NOON + 3650 * DAY }, NOON + 10 * DAY, MINUTE);
    expect(less.now).toBe(NOON + MINUTE);
  });

  /** What is believed after `ms` at a clock that begins at `from`. */
  const ran = (clock: TrustedClock | null, from: number, ms: number): TrustedClock => {
    let at = clock;
    for (let done = 0; done <= ms; done += ROUND) at = advanceTrustedClock(at, from + done, done === 0 ? 0 : ROUND);
    return at ?? start;
  };

  it('comes back to what was believed before only after as long a time as it was below', () => {
    const back = ran({ now: NOON + 60 * DAY, sinceJump: 0 }, NOON, 5 * HOUR);
    expect(ran(back, NOON + 60 * DAY + 5 * HOUR, 4 * HOUR).now).toBe(NOON + 9 * HOUR);
    expect(ran(back, NOON + 60 * DAY + 5 * HOUR, 5 * HOUR).now).toBe(NOON + 60 * DAY + 10 * HOUR);
    expect(ran(ran(back, NOON + 60 * DAY + 5 * HOUR, 4 * HOUR), NOON + 9 * HOUR, HOUR).now).toBe(NOON + 10 * HOUR);
  });

  it('forgets a first clock that is set back, and makes a jump from it wait for a day', () => {
    const first = ran(null, NOON + 60 * DAY, 5 * HOUR);
    expect(ran(ran(first, NOON, 10 * MINUTE), NOON + 60 * DAY + 6 * HOUR, 2 * HOUR).now).toBeLessThan(NOON + DAY);
    expect(ran(ran(null, NOON, HOUR), NOON + 21 * HOUR, 23 * HOUR).now).toBeLessThan(NOON + 25 * HOUR);
    expect(ran(ran(null, NOON, HOUR), NOON + 21 * HOUR, 25 * HOUR).now).toBe(NOON + 46 * HOUR);
    expect(ran(ran(null, NOON, DAY), NOON + 44 * HOUR, 2 * HOUR).now).toBe(NOON + 46 * HOUR);
  });

  it('is plausible from the floor on', () => {
    expect([0, CLOCK_FLOOR - 1, CLOCK_FLOOR, NOON].map(isPlausibleTime)).toEqual([false, false, true, true]);
  });
});

describe('whatever a clock shows', () => {
  it('nothing is removed that is younger than it is kept, and retention works again after a bounded time', { timeout: 60_000 }, () => {
    assert(
      property(clockHistories(12, 60), (stretches) => {
        const board = new Board();
        for (const stretch of stretches) {
          board.live(stretch, () => expect(board.lost()).toEqual([]));
        }
        const before = board.time;
        while (Math.abs(board.now - board.time) > HOUR && board.time - before < 60 * DAY) board.run(HOUR, { kind: 'right' });
        expect(board.time - before).toBeLessThanOrEqual(29 * DAY);
        expect(board.lost()).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });

  const right: ClockShows = { kind: 'right' };
  /** What it shows, and after how many days its limits must hold: a first clock that is far behind is believed at first. */
  const mornings: readonly (readonly [string, (time: number) => ClockShows, number])[] = [
    ['counts from 1970', () => ({ kind: 'unset' }), 3],
    ['shows the date of its firmware', (time) => ({ kind: 'off', by: Date.UTC(2027, 0, 1) - time }), 36],
    ['shows local time', () => ({ kind: 'off', by: 2 * HOUR }), 3],
    ['is ten years ahead', () => ({ kind: 'off', by: 3650 * DAY }), 3],
    ['stood still over night', () => ({ kind: 'off', by: -14 * HOUR }), 3],
    ['is right at once', () => right, 3],
  ];
  it.each(mornings)('a board without a battery that %s each morning keeps its limits', (_, first, settled) => {
    const board = new Board();
    for (let day = 0; day < 60; day += 1) {
      board.away(14 * HOUR, true);
      board.run(20 * MINUTE, first(board.time), () => expect(board.lost()).toEqual([]));
      board.run(10 * HOUR - 20 * MINUTE, right, () => expect(board.lost()).toEqual([]));
      if (day > settled) expect(board.time - (board.horizons[0] ?? 0)).toBeLessThan(DAY + 2 * HOUR);
    }
    expect(board.time - (board.horizons[3] ?? 0)).toBeLessThan((KEEP_DAYS + 2) * DAY);
    // Of what was off meanwhile, a part is a jump of its own.
    expect(board.jumps.length).toBeLessThanOrEqual(3);
  });

  it('a board that is never right keeps what it dates, and stays within the limits of its own dates', () => {
    const board = new Board();
    board.run(3 * DAY, { kind: 'unset' });
    expect(board.horizons[0]).toBe(2 * DAY);
    expect(board.horizons[3]).toBeLessThanOrEqual(0);
  });

  it('a jump of more than a day that is followed is told, once', () => {
    const board = new Board();
    board.run(30 * HOUR, right);
    board.away(10 * DAY, true);
    const from = board.time - 10 * DAY;
    board.run(30 * HOUR, right);
    expect(board.jumps).toHaveLength(1);
    expect((board.jumps[0]?.from ?? 0) - from).toBeLessThan(11 * HOUR);
    expect((board.jumps[0]?.to ?? 0) - (board.jumps[0]?.from ?? 0)).toBeGreaterThan(9 * DAY);
  });
});
