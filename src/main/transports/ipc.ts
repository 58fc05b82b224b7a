/**
 * Room `transports`: the contract over Electron's IPC, for the windows of the app. The only user of ipcMain, which is passed
 * in; the counterpart for browsers is the room `lan`.
 * May import shared, and electron by type only; must not be imported by core, lan or the rooms below them.
 */
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { IPC } from '../../shared/api/bridge';
import type { EventName, EventPayload } from '../../shared/api/contract';
import type { Caller, Handlers } from '../../shared/api/dispatch';
import type { Result } from '../../shared/result';

/** What the transport is built from. */
export interface IpcParts {
  readonly ipcMain: Pick<IpcMain, 'handle' | 'on' | 'removeHandler' | 'removeAllListeners'>;
  readonly handlers: Handlers;
  /** True for a URL of the app's own page. */
  isOwnPage(url: string): boolean;
  onInternal(call: string, error: unknown): void;
  /** Called with the caller id of a window that was closed. */
  onGone(caller: string): void;
}

/** Pushes events to every subscribed window. */
export interface IpcTransport {
  push<N extends EventName>(name: N, payload: EventPayload<N>): void;
  close(): void;
}

/** Loaded with the first call: the schemas of the contract take some MB, which an app in the tray does not need. */
const loadDispatch = () => import('../../shared/api/dispatch');

const callerOf = (contents: WebContents): string => `window:${contents.id}`;

/** Starts handling calls. Calls from any frame but the main frame of the app's own page are refused. */
export function createIpcTransport(parts: IpcParts): IpcTransport {
  const { ipcMain } = parts;
  const subscribers = new Set<WebContents>();
  const isTrusted = (event: IpcMainEvent | IpcMainInvokeEvent): boolean => {
    const frame = event.senderFrame;
    return frame !== null && frame === event.sender.mainFrame && parts.isOwnPage(frame.url);
  };
  const unsubscribe = (contents: WebContents): void => {
    subscribers.delete(contents);
    parts.onGone(callerOf(contents));
  };

  ipcMain.handle(IPC.call, async (event, name: unknown, input: unknown, machine: unknown): Promise<Result<unknown>> => {
    if (!isTrusted(event)) return { ok: false, code: 'Forbidden', message: 'calls from this page are not allowed' };
    if (machine !== undefined && typeof machine !== 'string') return { ok: false, code: 'BadInput', message: 'machine: must be the id of a machine' };
    const caller: Caller = { id: callerOf(event.sender), role: 'local', ...(machine === undefined ? {} : { machine }) };
    const { dispatch } = await loadDispatch();
    return dispatch(parts.handlers, name, input, caller, (call, error) => parts.onInternal(call, error));
  });
  ipcMain.on(IPC.subscribe, (event, on: unknown) => {
    if (!isTrusted(event)) return;
    if (on !== true) return unsubscribe(event.sender);
    if (subscribers.has(event.sender)) return;
    subscribers.add(event.sender);
    const contents = event.sender;
    contents.once('destroyed', () => unsubscribe(contents));
    contents.once('render-process-gone', () => unsubscribe(contents));
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
