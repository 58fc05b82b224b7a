/** A real server on loopback that answers as it is told, and webhooks that post to it. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSecrets } from '../../src/main/alerts/webhook-secrets';
import { openWebhookQueue } from '../../src/main/alerts/webhook-queue';
import { createWebhooks } from '../../src/main/alerts/webhooks';
import type { Webhooks } from '../../src/main/alerts/webhooks';
import { systemTimers } from '../../src/main/engine/clock';
import { createCallbackLog } from '../../src/main/engine/log';
import type { Webhook } from '../../src/shared/alerts/alert-settings';
import { toNewEvent } from '../../src/main/timeline/event-recorder';
import type { NewEvent } from '../../src/shared/timeline/event-schemas';
import { NOON } from './alert-samples';

/** How the server takes one request. */
export type Manner = 'ok' | 'hang' | 'reset' | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** A request as it came in. */
interface Seen {
  readonly key: string;
  readonly path: string;
  readonly body: { title?: string; text?: string; event?: string; attachments?: { text: string; color: string }[] };
  /** True when it was answered with 200. */
  readonly accepted: boolean;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function answer(manner: Manner, request: IncomingMessage, response: ServerResponse): void {
  if (manner === 'hang') return;
  if (manner === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  const { status, headers = {}, body = '' } = manner === 'ok' ? { status: 200, body: 'ok' } : manner;
  response.writeHead(status, headers).end(body);
}

/** Starts a server; `manners` are used up one by one, then everything is accepted. */
async function startServer() {
  const seen: Seen[] = [];
  const manners: Manner[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const manner = manners.shift() ?? 'ok';
      seen.push({ key: String(request.headers['idempotency-key']), path: request.url ?? '', body: JSON.parse(text) as Seen['body'], accepted: manner === 'ok' });
      answer(manner, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { seen, manners, url: `http://127.0.0.1:${port}` };
}

/** The path of the address: what must never be seen anywhere but in the requests. */
export const SECRET = '/services/T0000000/B0000000/averysecretpartofanaddress';
/** No wait between attempts is as long. */
const TIMEOUT = 11_000;

/** Webhooks in a folder of their own, over a server. */
export async function createWebhookRig(change: Partial<Webhook> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-webhooks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const server = await startServer();
  const hook: Webhook = { id: 'team', label: 'Team', kind: 'json', severities: ['warning', 'critical'], enabled: true, ...change };
  const world = { hooks: [hook] as readonly Webhook[], now: NOON, patience: 5000, waits: [] as number[], log: [] as string[], events: [] as NewEvent[] };
  const log = createCallbackLog((entry) => void world.log.push(JSON.stringify(entry)));
  const clock = { now: () => world.now, mono: () => performance.now() };
  const encryption = { isAvailable: () => Promise.resolve(false), seal: (text: string) => Promise.resolve(text), open: (text: string) => Promise.resolve(text) };
  const secrets = openSecrets({ path: join(folder, 'secrets.json'), encryption, clock, log });
  await secrets.set(hook.id, server.url + SECRET);
  const path = join(folder, 'queue.json');
  // Waits between attempts take no time but are written down; the time an attempt may take is real.
  const timers = {
    after: (ms: number, fn: () => void) => {
      if (ms === TIMEOUT) return systemTimers.after(world.patience, fn);
      if (ms > 0) world.waits.push(ms);
      return systemTimers.after(0, fn);
    },
  };
  const open = () => {
    const queue = openWebhookQueue({ path, clock, timers, log });
    return { queue, webhooks: createWebhooks({ queue, secrets, webhooks: () => world.hooks, hostname: 'box', clock, timers, log, record: (event) => void world.events.push(toNewEvent(event)), timeout: TIMEOUT, random: () => 0 }) };
  };
  let opened = open();
  onTestFinished(() => opened.webhooks.close());
  return {
    server,
    world,
    secrets,
    webhooks: (): Webhooks => opened.webhooks,
    waiting: (): number => opened.queue.waiting(hook.id),
    /** Ends as a kill would: what is on its way is cut off. */
    restart: (): void => {
      opened.webhooks.close();
      opened = open();
      opened.webhooks.start();
    },
    /** Titles of what the server accepted, in order. */
    accepted: (): string[] => server.seen.filter((each) => each.accepted).map(({ body }) => body.title ?? body.text ?? ''),
  };
}
