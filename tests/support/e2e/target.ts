/** A server that must see no request: what an attack that got out of the page would reach. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listening server on loopback. */
export interface Target {
  url: string;
  /** "GET /path" of every request so far, and "connection" for each that said nothing. */
  seen: string[];
  close(): Promise<void>;
}

/** Starts a server that answers everything with a page. */
export async function startTarget(): Promise<Target> {
  const seen: string[] = [];
  const server = http.createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('content-type', 'text/html');
    response.end('<p>reached');
  });
  server.on('upgrade', (request, socket) => {
    seen.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
