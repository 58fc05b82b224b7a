/** The app protocol: serves the built page to the window as traywatch://app/, with its content security policy. */
import { readFile } from 'node:fs/promises';
import { extname, normalize } from 'node:path';
import { protocol } from 'electron';
import type { Protocol } from 'electron';
import { PAGE_POLICY, policyText } from '../lib/content-security-policy';
import { staticFile } from './static-file';

const SCHEME = 'traywatch';
const ORIGIN = `${SCHEME}://app`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** The page of the window. */
export interface AppProtocol {
  readonly url: string;
  /** True for URLs of the page. */
  owns(url: string): boolean;
  /** Serves the page in a session; call it once for each session, when it is created. */
  serve(session: Protocol): void;
}

/** Must run before the app is ready: a scheme's privileges cannot be registered later. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

async function respond(folder: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const file = request.method === 'GET' && url.host === 'app' ? staticFile(folder, url.pathname) : null;
  if (file === null) return new Response(null, { status: 404 });
  let body: Buffer;
  try {
    body = await readFile(file);
  } catch {
    // Missing or not readable.
    return new Response(null, { status: 404 });
  }
  return new Response(new Uint8Array(body), {
    headers: {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policyText(PAGE_POLICY),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
  });
}

/** The built page in `folder`, or during development the page of `devServer`. */
export function createAppProtocol(folder: string, devServer: string | undefined): AppProtocol {
  if (devServer !== undefined) {
    const origin = new URL(devServer).origin;
    return { url: devServer, owns: (url) => URL.canParse(url) && new URL(url).origin === origin, serve: () => undefined };
  }
  return {
    url: `${ORIGIN}/`,
    owns: (url) => url === ORIGIN || url.startsWith(`${ORIGIN}/`),
    serve: (session) => session.handle(SCHEME, (request) => respond(normalize(folder), request)),
  };
}
