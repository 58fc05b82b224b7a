import { describe, expect, it } from 'vitest';
import { isOwnEventType, OWN_EVENT_TYPES } from '../../../../src/shared/timeline/event-types';
import { containsAllWords, matchesEvent } from '../../../../src/shared/timeline/event-filter';
import { newEventSchema } from '../../../../src/shared/timeline/event-schemas';

const good = { type: 'stream_started', message: 'Stream started' };
const parse = (change: Record<string, unknown>) => newEventSchema.safeParse({ ...good, ...change });
const problem = (change: Record<string, unknown>): string => parse(change).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join() ?? '';

describe('new events', () => {
  it('have defaults for all but type and message', () => {
    expect(parse({}).data).toEqual({ type: 'stream_started', severity: 'info', message: 'Stream started', user: null, details: null });
  });

  it('are limited in code points: 500 emoji count as 500', () => {
    expect(parse({ message: '🚀'.repeat(500) }).data?.message).toHaveLength(1000);
    expect(parse({ message: 'é'.repeat(500) }).success).toBe(true);
    for (const message of ['🚀'.repeat(501), 'x'.repeat(501), 'x'.repeat(1_000_000)]) expect(problem({ message })).toBe('message: must have at most 500 characters');
    for (const message of ['', '   ', '\n\u0000']) expect(problem({ message })).toBe('message: must not be empty');
  });

  it('contain one line of well-formed text', () => {
    expect(parse({ message: '  a\nb\u0000\u001b[31mc \uD83D d\uDE80 ' }).data?.message).toBe('a b [31mc \uFFFD d\uFFFD');
    expect(parse({ user: ' ada\t' }).data?.user).toBe('ada');
    expect(problem({ user: 'x'.repeat(256) })).toContain('user: must have at most 255');
  });

  it('have types of lower-case letters, digits and underscores', () => {
    for (const type of ['a', 'user_registered', `a${'1'.repeat(49)}`]) expect(parse({ type }).success).toBe(true);
    for (const type of ['', '1a', 'User', 'a-b', '__proto__', 'a\n', `a${'1'.repeat(50)}`]) expect(problem({ type })).toMatch(/^type: /);
    expect(OWN_EVENT_TYPES.every((type) => parse({ type }).success && isOwnEventType(type))).toBe(true);
    expect(isOwnEventType('user_registered')).toBe(false);
  });

  it('accept any JSON object of limited size as details, and nothing else', () => {
    const nasty = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"":null,"a\\u0000b":"\\ud83d\\ude80","deep":[[[{"x":[1e308,-0.5]}]]]}') as Record<string, unknown>;
    const details = parse({ details: nasty }).data?.details;
    expect(JSON.stringify(details)).toBe(JSON.stringify(nasty));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(parse({ details: { text: 'x'.repeat(8181) } }).success).toBe(true);
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = [cyclic, cyclic, cyclic];
    const deep = JSON.parse(`{"a":${'['.repeat(4000)}${']'.repeat(4000)}}`) as unknown;
    for (const wrong of [{ text: 'x'.repeat(8182) }, [], 'text', 7, { a: undefined }, { a: Number.NaN }, { a: () => 1 }, deep, cyclic, { a: 1n }]) {
      expect(problem({ details: wrong })).toMatch(/^details: must be a JSON object/);
    }
  });

  it('are rejected with the name of an unknown field', () => {
    expect(problem({ id: 5 })).toContain('id');
  });
});

describe('filters', () => {
  const event = { type: 'alert_fired', severity: 'critical' as const, message: 'CPU at 97_% on C:\\Straße – Ärger', time: 5000 };

  it('find words in any order, ignoring case, without wildcards', () => {
    for (const text of ['', ' ', 'cpu', '97_%', 'c:\\', 'ärger cpu', 'A\u0308RGER', '%']) expect(containsAllWords(event.message, text)).toBe(true);
    for (const text of ['97 %%', 'c__', 'cpu memory', '\\\\']) expect(containsAllWords(event.message, text)).toBe(false);
  });

  it('match events that meet all conditions; empty lists match everything', () => {
    for (const filter of [{}, { types: [], severities: [] }, { types: ['x', 'alert_fired'], severities: ['critical' as const], from: 5000, to: 5001, text: 'at' }]) expect(matchesEvent(event, filter)).toBe(true);
    for (const filter of [{ types: ['x'] }, { severities: ['info' as const] }, { from: 5001 }, { to: 5000 }, { text: 'no' }]) expect(matchesEvent(event, filter)).toBe(false);
  });
});
