/** Answers of HTTP/1.1, however their bytes come. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from '../../../../src/main/engine/containers/http-answer';
import type { HttpAnswer } from '../../../../src/main/engine/containers/http-answer';

const MOST = 1000;
const head = (...lines: readonly string[]): string => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;

/** What is read of pieces that come one after the other in the same buffer, as those of a socket do. */
function readPieces(pieces: readonly Buffer[], most = MOST): HttpAnswer | null {
  const reader = new AnswerReader(most);
  const shared = Buffer.alloc(256 * 1024);
  for (const piece of pieces) {
    piece.copy(shared);
    const answer = reader.take(shared.subarray(0, piece.length));
    shared.fill(0);
    if (answer !== null) return answer;
  }
  return reader.end();
}

const readText = (text: string, most = MOST): HttpAnswer | null => readPieces([Buffer.from(text)], most);

const ANSWERS: readonly (readonly [what: string, text: string, expected: { status: number; body: string; isKept: boolean }])[] = [
  ['counted', `${head('Content-Type: application/json', 'Content-Length: 11')}{"a":"é"} x`.replace(' x', '\n'), { status: 200, body: '{"a":"é"}\n', isKept: true }],
  ['empty', head('content-length:0'), { status: 200, body: '', isKept: true }],
  ['in chunks, as Docker sends it', `${head('Api-Version: 1.41', 'Transfer-Encoding: chunked')}5\r\n{"a":\r\n3;x=1\r\n 1}\r\n0\r\n\r\n`, { status: 200, body: '{"a": 1}', isKept: true }],
  ['in chunks with fields behind', `${head('transfer-encoding: Chunked')}0a\r\n0123456789\r\n0\r\nDigest: x\r\nOther: y\r\n\r\n`, { status: 200, body: '0123456789', isKept: true }],
  ['until the connection ends', `${head('Connection: close')}all of it`, { status: 200, body: 'all of it', isKept: false }],
  ['counted, and then the connection ends', `${head('Connection: close', 'Content-Length: 2')}ok`, { status: 200, body: 'ok', isKept: false }],
  ['without a body', 'HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n', { status: 204, body: '', isKept: true }],
  ['a refusal', 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}', { status: 404, body: '{}', isKept: true }],
  ['without words', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}', { status: 200, body: '{}', isKept: true }],
  ['behind an interim one', `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${head('Content-Length: 2')}ok`, { status: 200, body: 'ok', isKept: true }],
  ['of an older server', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', { status: 200, body: 'ok', isKept: false }],
];

describe.each(ANSWERS)('an answer %s', (_what, text, expected) => {
  it('is read as a whole', () => {
    const answer = readText(text);
    expect({ ...answer, body: answer?.body.toString() }).toEqual(expected);
  });

  it('is the same however it is cut', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const answer = readPieces(at.slice(1).map((end, i) => bytes.subarray(at[i] ?? 0, end)).filter(({ length }) => length > 0));
        expect({ ...answer, body: answer?.body.toString() }).toEqual(expected);
      }),
    );
    const each = readPieces(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)));
    expect(each?.body.toString()).toBe(expected.body);
  });

  it('is none while a byte of it is missing', () => {
    if (text.includes('all of it')) return expect(readText(text.slice(0, -1))?.body.toString()).toBe('all of i');
    expect(readText(text.slice(0, -1))).toBeNull();
  });
});

it.each([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', /not HTTP/],
  ['another version', 'HTTP/2 200\r\n\r\n', /not HTTP/],
  ['two lengths', `${head('Content-Length: 2', 'Content-Length: 3')}ok`, /how long/],
  ['a negative length', `${head('Content-Length: -2')}ok`, /how long/],
  ['a coding that is not known', head('Transfer-Encoding: gzip, chunked'), /not known/],
  ['a chunk without a size', `${head('Transfer-Encoding: chunked')}\r\nok`, /without a size/],
  ['a chunk that goes on', `${head('Transfer-Encoding: chunked')}2\r\nokay\r\n`, /does not end/],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\n\r\n', /protocol/],
  ['a head without an end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`, /head of the answer is too long/],
  ['a line without an end', `${head('Transfer-Encoding: chunked')}${'1'.repeat(5000)}`, /line that does not end/],
  ['more than it may have, counted', head('Content-Length: 1001'), /longer than 1000 bytes/],
  ['more than it may have, in chunks', `${head('Transfer-Encoding: chunked')}3e8\r\n${'x'.repeat(1000)}\r\n1\r\n`, /longer than 1000 bytes/],
  ['more than it may have, until the end', `${head()}${'x'.repeat(1001)}`, /longer than 1000 bytes/],
])('what has %s is no answer', (_what, text, reason) => {
  expect(() => readText(text)).toThrow(reason);
});

it('a connection on which more came than was asked for is not asked again', () => {
  expect(readText(`${head('Content-Length: 2')}okHTTP/1.1 200 OK`)).toMatchObject({ isKept: false });
});

it('takes whatever bytes there are without anything but an answer, a wait or an error', () => {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom('HTTP/1.1 200 OK\r\n', 'Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', '\r\n', '0\r\n', '5\r\n', '-1').map((text) => new Uint8Array(Buffer.from(text))));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      try {
        const answer = readPieces(pieces.map((one) => Buffer.from(one)));
        if (answer !== null) expect(answer.body.length).toBeLessThanOrEqual(MOST);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
