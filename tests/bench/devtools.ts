/** Talks to the pages of a program that was started with --remote-debugging-port=0, by the DevTools protocol. */
import fs from 'node:fs';
import path from 'node:path';
import { until } from '../support/desktop/until';

interface Target {
  readonly id: string;
  readonly type: string;
  readonly webSocketDebuggerUrl: string;
}

/** The open pages of one program. */
export type DevTools = Awaited<ReturnType<typeof openDevTools>>;

/** Finds the port that the program noted in its user-data folder. */
export async function openDevTools(userDataDir: string) {
  const file = path.join(userDataDir, 'DevToolsActivePort');
  const port = await until('the debugging port', async () => {
    const [line = ''] = fs.readFileSync(file, 'utf8').split('\n');
    return line === '' ? undefined : Number(line);
  });
  const ask = async (what: string): Promise<Response> => fetch(`http://127.0.0.1:${port}/json/${what}`);
  const pages = async (): Promise<Target[]> => {
    const targets: Target[] = JSON.parse(await (await ask('list')).text());
    return targets.filter((target) => target.type === 'page');
  };
  return {
    pages,
    /** The value of an expression in the only page; promises are waited for. */
    async evaluate(expression: string): Promise<unknown> {
      const [page] = await pages();
      if (page === undefined) throw new Error('there is no page');
      return evaluateIn(page.webSocketDebuggerUrl, expression);
    },
    /** Closes all pages as their close button would; resolves when they are gone. */
    async closePages(): Promise<void> {
      for (const page of await pages()) await ask(`close/${page.id}`);
      await until('closed pages', async () => ((await pages()).length === 0 ? true : undefined));
    },
  };
}

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown }; readonly exceptionDetails?: { readonly text: string } };
}

/** The value of an expression behind an address of the protocol; promises are waited for. */
export function evaluateIn(address: string, expression: string): Promise<unknown> {
  const socket = new WebSocket(address);
  const request = { id: 1, method: 'Runtime.evaluate', params: { expression, awaitPromise: true, returnByValue: true } };
  const answer = new Promise<unknown>((resolve, reject) => {
    socket.addEventListener('open', () => socket.send(JSON.stringify(request)));
    socket.addEventListener('error', () => reject(new Error(`no answer from ${address}`)));
    socket.addEventListener('close', () => reject(new Error('the page closed before it answered')));
    socket.addEventListener('message', ({ data }) => {
      const reply: Reply = JSON.parse(String(data));
      if (reply.id !== 1) return;
      const failure = reply.result?.exceptionDetails?.text;
      if (failure === undefined) resolve(reply.result?.result?.value);
      else reject(new Error(failure));
    });
  });
  return answer.finally(() => socket.close());
}
