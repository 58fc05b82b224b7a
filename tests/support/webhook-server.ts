/** A real HTTP server on loopback with prescribed responses, and webhooks that post to it. */
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
import { createCallbackLog } from './log';
import type { Webhook } from '../../src/shared/alerts/alert-settings';
import type { EventInput } from '../../src/shared/timeline/event-schemas';
import { NOON } from './alert-samples';

/** How the server handles one request. */
export type ServerBehavior = 'ok' | 'hang' | 'reset' | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** A request that was received. */
interface ReceivedRequest {
  readonly key: string;
  readonly path: string;
  readonly body: { title?: string; text?: string; event?: string; attachments?: { text: string; color: string }[] };
  /** True when the response was 200. */
  readonly accepted: boolean;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function respond(behavior: ServerBehavior, request: IncomingMessage, response: ServerResponse): void {
  if (behavior === 'hang') return;
  if (behavior === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  const { status, headers = {}, body = '' } = behavior === 'ok' ? { status: 200, body: 'ok' } : behavior;
  response.writeHead(status, headers).end(body);
}

/** Starts a server; `behaviors` are used up one by one, then every request is accepted. */
async function startServer() {
  const seen: ReceivedRequest[] = [];
  const behaviors: ServerBehavior[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const behavior = behaviors.shift() ?? 'ok';
      seen.push({ key: String(request.headers['idempotency-key']), path: request.url ?? '', body: JSON.parse(text) as ReceivedRequest['body'], accepted: behavior === 'ok' });
      respond(behavior, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { seen, behaviors, url: `http://127.0.0.1:${port}` };
}

/** The path of the URL: it must not appear anywhere but in the requests. */
export const SECRET = '/services/T0000000/B0000000/averysecretpartofanaddress';
/** Longer than any delay between attempts, so that the timers can tell them apart, ms. */
const TIMEOUT = 11_000;

/** Webhooks with a temporary folder and a server. */
export async function createWebhookRig(change: Partial<Webhook> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-webhooks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const server = await startServer();
  const hook: Webhook = { id: 'team', label: 'Team', kind: 'json', severities: ['warning', 'critical'], enabled: true, ...change };
  const world = { hooks: [hook] as readonly Webhook[], now: NOON, mono: 0, timeout: 5000, waits: [] as number[], log: [] as string[], events: [] as EventInput[] };
  const log = createCallbackLog((entry) => void world.log.push(JSON.stringify(entry)));
  const clock = { now: () => world.now, mono: () => world.mono + performance.now() };
  const encryption = { isAvailable: () => Promise.resolve(false), encrypt: (text: string) => Promise.resolve(text), decrypt: (text: string) => Promise.resolve(text) };
  const secrets = openSecrets({ path: join(folder, 'secrets.json'), encryption, clock, log });
  await secrets.set(hook.id, server.url + SECRET);
  const path = join(folder, 'queue.json');
  // Delays between attempts are recorded and take no time; the timeout of an attempt is real.
  const timers = {
    after: (ms: number, fn: () => void) => {
      if (ms === TIMEOUT) return systemTimers.after(world.timeout, fn);
      if (ms > 0) {
        world.waits.push(ms);
        world.mono += ms;
      }
      return systemTimers.after(0, fn);
    },
  };
  const open = () => {
    const queue = openWebhookQueue({ path, clock, timers, log });
    return { queue, webhooks: createWebhooks({ queue, secrets, webhooks: () => world.hooks, hostname: 'box', clock, timers, log, record: (event) => void world.events.push(event), timeout: TIMEOUT, random: () => 0 }) };
  };
  let opened = open();
  onTestFinished(() => opened.webhooks.close());
  return {
    server,
    world,
    secrets,
    webhooks: (): Webhooks => opened.webhooks,
    waiting: (): number => opened.queue.waiting(hook.id),
    /** Ends as after a kill, cutting off the current request, and starts again. */
    restart: (): void => {
      opened.webhooks.close();
      opened = open();
      opened.webhooks.start();
    },
    /** Titles of what the server accepted, in order. */
    accepted: (): string[] => server.seen.filter((each) => each.accepted).map(({ body }) => body.title ?? body.text ?? ''),
  };
}
