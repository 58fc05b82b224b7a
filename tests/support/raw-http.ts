/** HTTP requests written to a socket byte by byte, as no well-behaved client sends them. */
import net from 'node:net';

/** A connection under a test's control. */
export interface RawConnection {
  readonly socket: net.Socket;
  /** Everything received so far. */
  text(): string;
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
  /** Resolves when the text received lately matches. */
  until(pattern: RegExp): Promise<void>;
}

/** Characters before the latest chunk that a pattern may span. */
const WINDOW = 4096;

/** Connects to 127.0.0.1, or to another address of this machine. */
export async function connect(port: number, host = '127.0.0.1'): Promise<RawConnection> {
  const socket = net.connect({ port, host });
  const waiters: { pattern: RegExp; resolve: () => void }[] = [];
  const chunks: Buffer[] = [];
  let tail = '';
  const text = (): string => Buffer.concat(chunks).toString('latin1');
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    // Searching the whole text with each chunk would be slow.
    const recent = tail + chunk.toString('latin1');
    tail = recent.slice(-WINDOW);
    for (const one of waiters.filter(({ pattern }) => pattern.test(recent))) {
      waiters.splice(waiters.indexOf(one), 1);
      one.resolve();
    }
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  // Many of these tests want the server to cut the connection.
  socket.on('error', () => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const until = (pattern: RegExp): Promise<void> =>
    pattern.test(tail) ? Promise.resolve() : new Promise((resolve) => waiters.push({ pattern, resolve }));
  return { socket, text, closed, until };
}

/** Sends one request and resolves to everything received until the server closes. */
export async function send(port: number, request: string, host?: string): Promise<string> {
  const connection = await connect(port, host);
  connection.socket.write(request);
  await connection.closed;
  return connection.text();
}

/** The text of a request whose response ends the connection. */
export function requestText(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries({ ...headers, connection: 'close', ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }) }).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** HTTP status of a response; 0 for none. */
export function statusOf(response: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1] ?? 0);
}
