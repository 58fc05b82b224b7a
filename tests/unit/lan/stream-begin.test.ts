/** When a stream begins: on connections with several requests, or that are closed meanwhile. */
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from '../../support/raw-http';
import type { RawConnection } from '../../support/raw-http';
import { batchOf, openLan } from '../../support/lan-server';
import type { OpenLan, LanOptions } from '../../support/lan-server';

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function open(options: LanOptions = {}): Promise<OpenLan> {
  const lan = await openLan(options);
  closers.push(() => lan.close());
  return lan;
}

/** A request that leaves the connection open. */
const requestTo = (lan: OpenLan, path: string): string => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${lan.port}\r\nauthorization: Bearer viewer\r\n\r\n`;

async function send(lan: OpenLan, ...paths: readonly string[]): Promise<RawConnection> {
  const connection = await connect(lan.port);
  closers.push(() => void connection.socket.destroy());
  connection.socket.write(paths.map((path) => requestTo(lan, path)).join(''));
  return connection;
}

describe('a stream', () => {
  it('begins on a connection that has carried other responses, and ends it', async () => {
    const lan = await open();
    const client = await send(lan, '/');
    await client.until(/<title>Traywatch/);
    client.socket.write(requestTo(lan, '/api/stream?interval=1'));
    await client.until(/retry: 2000\n\n/);
    lan.hub.publish(batchOf(1));
    await client.until(/"seq":1,/);
    expect(client.text()).toMatch(/^content-type: text\/event-stream[\s\S]*^connection: close\r\n/im);
    expect(client.text().split('retry: 2000')[0]).not.toMatch(/transfer-encoding/i);
    lan.authenticator.revoke('viewer');
    await client.closed;
  });

  it('does not begin behind a response that has not ended', async () => {
    const lan = await open();
    const client = await send(lan, '/api/stream?interval=1&client=a', '/api/stream?interval=1&client=b');
    await client.until(/retry: 2000\n\n/);
    await expect.poll(() => lan.authenticator.addresses).toHaveLength(2);
    lan.hub.publish(batchOf(1));
    await client.until(/"seq":1,/);
    expect(lan.lan.connections()).toHaveLength(1);
    expect(client.text().match(/^HTTP/gm)).toHaveLength(1);
    expect(client.text().match(/"seq":1,/g)).toHaveLength(1);
  });

  it('does not begin for a client that disconnected during authentication', async () => {
    let admit: () => void = () => undefined;
    const admitted = new Promise<void>((resolve) => {
      admit = resolve;
    });
    let asked = 0;
    const authenticate = async (): Promise<{ id: string; name: string; role: 'viewer'; scopes: null }> => {
      asked += 1;
      if (asked === 1) await admitted;
      return { id: 'phone', name: 'phone', role: 'viewer', scopes: null };
    };
    const lan = await open({ authenticator: { authenticate, onRevoked: () => () => undefined } });
    const gone = await send(lan, '/api/stream?client=gone');
    await expect.poll(() => asked).toBe(1);
    gone.socket.destroy();
    const here = await send(lan, '/api/stream?client=here');
    await here.until(/retry: 2000\n\n/);
    admit();
    const there = await send(lan, '/api/stream?client=there');
    await there.until(/retry: 2000\n\n/);
    await expect.poll(() => lan.lan.connections()).toHaveLength(2);
  });
});
