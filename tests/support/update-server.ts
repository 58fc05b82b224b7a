/** A real HTTP server on loopback that serves an update document and files, or misbehaves as it is told. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeKey, publicKeyOf, signDocument } from '../../scripts/lib/update-document.mjs';

/** How the server answers: a body, or a way to fail. */
export type UpdateAnswer =
  | { readonly kind: 'body'; readonly body: string | Buffer; readonly headers?: Record<string, string> }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Sends this much of the body and then nothing more. */
  | { readonly kind: 'stall'; readonly body: Buffer; readonly bytes: number }
  /** Says that the whole body comes, and ends the connection after this much. */
  | { readonly kind: 'cut'; readonly body: Buffer; readonly bytes: number }
  | { readonly kind: 'reset' };

/** A request as it came. */
interface UpdateRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** Of the packages under test it is given; otherwise each run has its own. */
const PRIVATE_KEY = process.env['TRAYWATCH_TEST_SIGNING_KEY'] ?? makeKey();
/** The key that signs what `documentOf` makes. */
export const PUBLIC_KEY = publicKeyOf(PRIVATE_KEY);

/** What a document says. */
export type DocumentParts = Parameters<typeof signDocument>[0];

/** A signed document. `privateKey`: in place of the right one. */
export const documentOf = (parts: DocumentParts, privateKey = PRIVATE_KEY): string => signDocument(parts, privateKey);

/** A file of a release. */
export function fileOf(content: Buffer, { name, url, kind, platform = 'linux', arch = process.arch }: { readonly name: string; readonly url: string; readonly kind: string; readonly platform?: string; readonly arch?: string }) {
  return { name, kind, platform, arch, url, size: content.length, sha512: createHash('sha512').update(content).digest('base64') };
}

function respond(answer: UpdateAnswer, response: ServerResponse): void {
  switch (answer.kind) {
    case 'body':
      response.writeHead(200, { 'content-type': 'application/octet-stream', ...answer.headers }).end(answer.body);
      return;
    case 'status':
      response.writeHead(answer.status).end('no');
      return;
    case 'redirect':
      response.writeHead(302, { location: answer.to }).end();
      return;
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'stall':
    case 'cut':
      response.writeHead(200, { 'content-length': String(answer.body.length) });
      response.write(answer.body.subarray(0, answer.bytes), () => {
        if (answer.kind === 'cut') response.socket?.destroy();
      });
  }
}

/** The server. */
export interface UpdateServer {
  readonly url: string;
  /** By path; what is not there is a 404. */
  readonly answers: Map<string, UpdateAnswer>;
  readonly requests: UpdateRequest[];
  close(): Promise<void>;
}

/** Starts the server on 127.0.0.1; `port` 0 for any. */
export async function startUpdateServer(port = 0): Promise<UpdateServer> {
  const answers = new Map<string, UpdateAnswer>();
  const requests: UpdateRequest[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, headers: request.headers });
    respond(answers.get(path) ?? { kind: 'status', status: 404 }, response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
