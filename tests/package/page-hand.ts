/**
 * A page of a packaged program, driven over Chromium's debugging port: the inspector of the main process, by which Playwright
 * starts Electron, is off in a package, and Electron does not have what Playwright asks of a browser.
 */
import fs from 'node:fs';
import { expect, until } from '../support/desktop';

/** Longest time for an answer, ms. */
const PATIENCE = 5000;

/** What Chromium answers to a command. */
interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What a person sees of the page, and clicks there. */
export interface PageHand {
  /** Goes to a page, such as `/settings`. */
  goTo(path: string): Promise<void>;
  /** The text on the page, as it is shown. */
  text(): Promise<string>;
  /** Clicks the button with this text, as soon as there is one that can be clicked. */
  click(button: string): Promise<void>;
  /** Clicks the switch of this setting; resolves once it is on or off. */
  turn(setting: string, on: boolean): Promise<void>;
  /** Whether a button with this text can be clicked. */
  has(button: string): Promise<boolean>;
  screenshot(file: string): Promise<void>;
  close(): void;
}

/** Connects to the only page behind a debugging port. */
async function connect(port: number): Promise<WebSocket> {
  const address = await until('the page', async () => {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json`, { signal: AbortSignal.timeout(PATIENCE) })).json()) as { type: string; webSocketDebuggerUrl: string }[];
    return targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl;
  });
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('the page cannot be talked to')));
  });
  return socket;
}

/** Finds the button with a text; null where there is none that can be clicked. */
const BUTTON = (text: string): string => `[...document.querySelectorAll('button:not(:disabled)')].find((one) => one.textContent.trim() === ${JSON.stringify(text)}) ?? null`;
const SWITCH = (label: string): string => `[...document.querySelectorAll('.field')].find((one) => one.querySelector('label')?.textContent === ${JSON.stringify(label)})?.querySelector('input:not(:disabled)') ?? null`;

/** Talks to the page. */
export async function openPageHand(port: number): Promise<PageHand> {
  const socket = await connect(port);
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let id = 0;
  const send = async (method: string, params: object = {}): Promise<Answer> => {
    id += 1;
    const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    // A page that is replaced by another one answers nothing any more.
    const none = new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error(`no answer to ${method}`)), PATIENCE).unref());
    return Promise.race([answer, none]);
  };
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, error } = await send('Runtime.evaluate', { expression, returnByValue: true });
    const { result: value, exceptionDetails } = (result ?? {}) as { result?: { value: T }; exceptionDetails?: { text: string } };
    if (error !== undefined || exceptionDetails !== undefined) throw new Error(error?.message ?? exceptionDetails?.text);
    return value?.value as T;
  };
  const click = async (element: string): Promise<void> => {
    await expect.poll(() => evaluate<boolean>(`(${element}) !== null`), { message: element }).toBe(true);
    await evaluate(`(${element}).click()`);
  };
  return {
    goTo: (path) => evaluate(`void (location.hash = ${JSON.stringify(`#${path}`)})`),
    text: () => evaluate('document.body.innerText'),
    click: (button) => click(BUTTON(button)),
    async turn(setting, on) {
      await click(SWITCH(setting));
      await expect.poll(() => evaluate(`(${SWITCH(setting)})?.checked`)).toBe(on);
    },
    has: (button) => evaluate(`(${BUTTON(button)}) !== null`),
    async screenshot(file) {
      const { result } = await send('Page.captureScreenshot', { format: 'png' });
      fs.writeFileSync(file, Buffer.from((result as { data: string }).data, 'base64'));
    },
    close: () => socket.close(),
  };
}
