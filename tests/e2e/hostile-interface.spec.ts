/** An interface may have any name of up to 15 bytes, also that of what every object in a program has. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { until } from '../support/desktop';
import { startHeadless } from '../support/e2e/headless';

const PORT = 18_554;

/** In a network of its own, whose interfaces /sys shows then: makes one end of a pair with the first argument as its name, and an address, then becomes the rest of the arguments. */
const SETUP = `set -e
mount -t sysfs none /sys
ip link set lo up
ip link add "$1" type veth peer name other
ip addr add 10.9.9.1/24 dev "$1"
ip link set "$1" up
ip link set other up
shift
exec "$@"`;

/** Prints what the server answers on the loopback interface of the network it runs in. */
const ASK = `require('node:https').get({ host: '127.0.0.1', port: ${PORT}, path: '/metrics', rejectUnauthorized: false }, (answer) => answer.pipe(process.stdout))`;

/** Why a network of its own cannot be made here; null if it can. */
function networkProblem(): string | null {
  const { status, stderr } = spawnSync('unshare', ['--net', '--mount', '--', 'mount', '-t', 'sysfs', 'none', '/sys'], { encoding: 'utf8' });
  return status === 0 ? null : `no network of its own can be made here: ${stderr}`;
}

test.describe('an interface', () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    test(`named ${name} is listed, and neither access nor server nor history suffers`, async () => {
      const problem = networkProblem();
      test.skip(problem !== null, problem ?? '');
      const wrapper = { command: ['unshare', '--net', '--mount', '--', 'sh', '-c', SETUP, 'sh', name] };
      const run = startHeadless(PORT, [], { allowLoopbackMetrics: true }, { wrapper });
      try {
        await until('the server to listen', () => Promise.resolve(/Open https/.test(run.text()) && /kill -HUP \d+/.test(run.text()) ? true : undefined));
        const pid = /kill -HUP (\d+)/.exec(run.text())?.[1] ?? '';
        const metrics = (): string => execFileSync('nsenter', ['--net', '--target', pid, process.execPath, '-e', ASK], { encoding: 'utf8' });
        await expect.poll(metrics, { timeout: 20_000 }).toContain(`{interface="${name}"}`);
        expect(metrics()).toContain('traywatch_memory_usage');
        expect(await run.stop()).toBe(0);
        // Nothing was taken for damage.
        expect(fs.readdirSync(run.data).filter((file) => file.includes('corrupt'))).toEqual([]);
        expect(fs.readFileSync(path.join(run.data, 'traywatch.log'), 'utf8')).not.toMatch(/"level":"error"/);
      } finally {
        await run.discard();
      }
    });
  }
});
