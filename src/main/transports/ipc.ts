/** Carries the contract to the app's own windows. The only user of ipcMain. */
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { IPC } from '../../shared/api/bridge';
import type { EventName, EventPayload } from '../../shared/api/contract';
import type { Caller, Handlers } from '../../shared/api/dispatch';
import type { Result } from '../../shared/result';

/** What the transport is built from. */
export interface IpcParts {
  readonly ipcMain: Pick<IpcMain, 'handle' | 'on' | 'removeHandler' | 'removeAllListeners'>;
  readonly handlers: Handlers;
  /** True when a URL is the app's own page. */
  isOwnPage(url: string): boolean;
  onInternal(call: string, error: unknown): void;
  /** A window is gone, with the caller id it had. */
  onGone(caller: string): void;
}

/** Pushes events to every subscribed window. */
export interface IpcTransport {
  push<N extends EventName>(name: N, payload: EventPayload<N>): void;
  close(): void;
}

/** Left until something calls: the schemas of the contract are some MB that an app in the tray has no use for. */
const loadDispatch = () => import('../../shared/api/dispatch');

const callerOf = (contents: WebContents): string => `window:${contents.id}`;

/** Starts answering. Calls from any frame but the main frame of an own page are refused. */
export function createIpcTransport(parts: IpcParts): IpcTransport {
  const { ipcMain } = parts;
  const subscribers = new Set<WebContents>();
  const trusts = (event: IpcMainEvent | IpcMainInvokeEvent): boolean => {
    const frame = event.senderFrame;
    return frame !== null && frame === event.sender.mainFrame && parts.isOwnPage(frame.url);
  };
  const leave = (contents: WebContents): void => {
    subscribers.delete(contents);
    parts.onGone(callerOf(contents));
  };

  ipcMain.handle(IPC.call, async (event, name: unknown, input: unknown): Promise<Result<unknown>> => {
    if (!trusts(event)) return { ok: false, code: 'Forbidden', message: 'this page may not call' };
    const caller: Caller = { id: callerOf(event.sender), role: 'local' };
    const { dispatch } = await loadDispatch();
    return dispatch(parts.handlers, name, input, caller, (call, error) => parts.onInternal(call, error));
  });
  ipcMain.on(IPC.subscribe, (event, on: unknown) => {
    if (!trusts(event)) return;
    if (on !== true) return leave(event.sender);
    if (subscribers.has(event.sender)) return;
    subscribers.add(event.sender);
    const contents = event.sender;
    contents.once('destroyed', () => leave(contents));
    contents.once('render-process-gone', () => leave(contents));
  });

  return {
    push(name, payload) {
      for (const contents of subscribers) if (!contents.isDestroyed()) contents.send(IPC.event, name, payload);
    },
    close() {
      ipcMain.removeHandler(IPC.call);
      ipcMain.removeAllListeners(IPC.subscribe);
      subscribers.clear();
    },
  };
}
