/** Multicast DNS of the real app, on the loopback interface: found, renamed where its name is taken, and known under that name. */
import https from 'node:https';
import { hostname } from 'node:os';
import { expect, test } from '@playwright/test';
import { until } from '../support/desktop';
import { startHeadless } from '../support/e2e/headless';
import { listenOnMulticast } from '../support/multicast';

const PORT = 18_564;
const MDNS_PORT = 5353;

const statusFor = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = https.get(`https://127.0.0.1:${PORT}/`, { headers: { host }, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
  });

test('a neighbor with the same name is left alone: the app takes another one, and answers to it', async () => {
  const own = hostname().toLowerCase().split('.')[0] ?? '';
  const neighbor = await listenOnMulticast(MDNS_PORT);
  neighbor.answer(`${own}.local`, '127.0.0.99');
  const run = startHeadless(PORT, [], { mdns: true });
  try {
    await until('the server', () => Promise.resolve(/Open https:/.test(run.text()) || undefined));
    await expect.poll(() => statusFor(`${own}-2.local:${PORT}`)).toBe(200);
    expect(await statusFor(`${own}-3.local:${PORT}`)).toBe(421);
    expect(await neighbor.query(`Traywatch on ${own}._https._tcp.local`, 'SRV')).toMatchObject({ answers: [{ data: { port: PORT, target: `${own}-2.local` } }] });
    expect(await run.stop()).toBe(0);
  } finally {
    neighbor.close();
    await run.discard();
  }
});
