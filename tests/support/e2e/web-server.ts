/** A web server on this machine that services probe. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server that can be stopped and started again on its port, and tells what it was sent last. */
export async function webServer() {
  let headers: IncomingHttpHeaders = {};
  let server: Server | null = null;
  let port = 0;
  const start = async (): Promise<void> => {
    const created = createServer((request, response) => {
      ({ headers } = request);
      response.end('all is well');
    });
    server = created;
    await new Promise<void>((resolve) => created.listen(port, '127.0.0.1', resolve));
    port = (created.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    const running = server;
    server = null;
    if (running === null) return;
    running.closeAllConnections();
    await new Promise((resolve) => running.close(resolve));
  };
  await start();
  return { url: `http://127.0.0.1:${port}/health`, start, stop, lastHeaders: () => headers };
}
