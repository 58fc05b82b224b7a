/**
 * What the `ping` of a system prints. Pure. Linux (iputils, BusyBox) and macOS print "time=0.031 ms" in the language C. Windows
 * prints in the user's language and the console's code page: "Antwort von 127.0.0.1: Bytes=32 Zeit<1ms TTL=128",
 * "Ответ от ::1: время<1мс"; in all of them a reply names the address, and its time is the last number but for the TTL.
 */
import type { Platform } from '../collectors/deps';

/** An answer: the round trip in ms, or what was printed in its place. */
export type PingAnswer = { readonly kind: 'reply'; readonly ms: number } | { readonly kind: 'unreachable'; readonly line: string } | { readonly kind: 'silent' };

const UNIX_TIME = /\btime[=<]\s*(\d+(?:\.\d+)?)\s*ms/;
const UNIX_UNREACHABLE = /(unreachable|prohibited|time to live exceeded|no route to host|filtered)/i;
/** "Zeit<1ms TTL=128", "temps=12 ms TTL=117", "время=1мс", whatever the code page made of its unit. */
const WINDOWS_TIME = /[=<]\s*(\d+(?:[.,]\d+)?)\s*[^\s\d=<:]*\s*(?:TTL\s*=\s*\d+)?\s*$/i;

/** Understands Linux and macOS. */
export function parseUnixPing(text: string): PingAnswer {
  const time = UNIX_TIME.exec(text)?.[1];
  if (time !== undefined) return { kind: 'reply', ms: Number(time) };
  const line = text.split('\n').find((one) => UNIX_UNREACHABLE.test(one));
  return line === undefined ? { kind: 'silent' } : { kind: 'unreachable', line: line.trim() };
}

/** Understands Windows in any language. A time below 1 ms is told as 1. */
export function parseWindowsPing(text: string, address: string): PingAnswer {
  const [bare = address] = address.toLowerCase().split('%');
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  for (const line of lines) {
    const time = line.toLowerCase().includes(bare) ? WINDOWS_TIME.exec(line)?.[1] : undefined;
    if (time !== undefined) return { kind: 'reply', ms: Number(time.replace(',', '.')) };
  }
  // Words behind an address, in place of numbers: "Reply from 192.168.1.2: Destination host unreachable."
  const other = lines.find((line) => /[\da-f](%\d+)?[\s\uFFFD]?: \D+\.$/i.test(line));
  return other === undefined ? { kind: 'silent' } : { kind: 'unreachable', line: other };
}

/** Understands the output of a system. */
export const parsePing = (platform: Platform, text: string, address: string): PingAnswer => (platform === 'win32' ? parseWindowsPing(text, address) : parseUnixPing(text));
