/** The contract suite over IPC, and what the IPC transport refuses. */
import { EventEmitter } from 'node:events';
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent } from 'electron';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../src/shared/api/client';
import type { Result } from '../../src/shared/result';
import { createIpcTransport } from '../../src/main/transports/ipc';
import { openContractCore } from '../support/contract-harness';
import type { ContractHarness } from '../support/contract-harness';
import { contractSuite } from './suite';

const PAGE = 'traywatch://app/';

/** Both ends of Electron's IPC in one process; what crosses is cloned as Electron clones it. */
class Pipe extends EventEmitter {
  #handle: ((event: IpcMainInvokeEvent, ...args: unknown[]) => unknown) | null = null;
  readonly frame = { url: PAGE };
  readonly contents = Object.assign(new EventEmitter(), {
    id: 1,
    mainFrame: this.frame,
    isDestroyed: () => false,
    send: (_channel: string, name: string, payload: unknown) => {
      queueMicrotask(() => this.emit('pushed', name, structuredClone(payload)));
    },
  });

  get ipcMain(): Pick<IpcMain, 'handle' | 'on' | 'removeHandler' | 'removeAllListeners'> {
    return {
      handle: (_channel: string, handler: (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown) => {
        this.#handle = handler;
      },
      on: (_channel: string, listener: (event: IpcMainEvent, ...args: unknown[]) => void) => {
        super.on('subscribe', listener);
        return this;
      },
      removeHandler: () => {
        this.#handle = null;
      },
      removeAllListeners: () => this,
    } as unknown as IpcMain;
  }

  event(frame: unknown = this.frame): IpcMainInvokeEvent {
    return { sender: this.contents, senderFrame: frame } as unknown as IpcMainInvokeEvent;
  }

  async invoke(name: unknown, input: unknown, frame: unknown = this.frame): Promise<Result<unknown>> {
    const result = await this.#handle?.(this.event(frame), structuredClone(name), structuredClone(input));
    return structuredClone(result) as Result<unknown>;
  }

  transport(): Transport {
    return {
      call: (name, input) => this.invoke(name, input),
      subscribe: (listener) => {
        const onPushed = (name: string, payload: unknown): void => listener(name, payload);
        super.on('pushed', onPushed);
        this.emit('subscribe', this.event(), true);
        return () => super.off('pushed', onPushed);
      },
    };
  }
}

async function openHarness(): Promise<ContractHarness & { pipe: Pipe; gone: string[] }> {
  const { core, folder: _folder, handlers, close, ...parts } = openContractCore();
  const pipe = new Pipe();
  const gone: string[] = [];
  const ipc = createIpcTransport({
    ipcMain: pipe.ipcMain,
    handlers,
    isOwnPage: (url) => url.startsWith(PAGE),
    onInternal: () => undefined,
    onGone: (caller) => gone.push(caller),
  });
  core.hub.subscribe((batch) => ipc.push('batch', batch));
  core.onActivity((event) => ipc.push('event', event), (incident) => ipc.push('incident', incident));
  core.notices.put({ id: 'greeting', severity: 'info', title: 'Hello', body: 'A notice.', dismissible: true });
  return {
    ...parts,
    pipe,
    gone,
    transport: pipe.transport(),
    close: async () => {
      ipc.close();
      close();
    },
  };
}

contractSuite('IPC', openHarness);

describe('the IPC transport', () => {
  it('refuses other pages, other frames and closed frames', async () => {
    const harness = await openHarness();
    const { pipe } = harness;
    for (const frame of [{ url: PAGE }, { url: 'https://example.test/' }, null]) {
      expect(await pipe.invoke('snapshot', {}, frame)).toMatchObject({ ok: false, code: 'Forbidden' });
    }
    pipe.frame.url = 'file:///etc/passwd';
    expect(await pipe.invoke('snapshot', {})).toMatchObject({ ok: false, code: 'Forbidden' });
    await harness.close();
  });

  it('reports a closed window', async () => {
    const harness = await openHarness();
    harness.transport.subscribe(() => undefined);
    harness.pipe.contents.emit('destroyed');
    expect(harness.gone).toEqual(['window:1']);
    await harness.close();
  });
});
