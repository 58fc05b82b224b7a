import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent } from 'electron';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../src/shared/api/client';
import type { Result } from '../../src/shared/result';
import { createIpcTransport } from '../../src/main/transports/ipc';
import { openCore } from '../support/core';
import { contractSuite } from './suite';
import type { Rig } from './suite';

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
    const answer = await this.#handle?.(this.event(frame), structuredClone(name), structuredClone(input));
    return structuredClone(answer) as Result<unknown>;
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

async function openRig(): Promise<Rig & { pipe: Pipe; gone: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-contract-'));
  const core = openCore(folder);
  const pipe = new Pipe();
  const gone: string[] = [];
  let broken = false;
  const handlers = {
    ...core.handlers,
    stats: (...args: Parameters<typeof core.handlers.stats>) => {
      if (broken) throw new Error('the disk is on fire');
      return core.handlers.stats(...args);
    },
  };
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
    pipe,
    gone,
    transport: pipe.transport(),
    publish: (batch) => core.hub.publish(batch),
    keep: (incident, look) => {
      core.store.activity.putIncident(incident);
      core.store.activity.putProcessSnapshot(look);
    },
    breakStore: () => {
      broken = true;
    },
    close: async () => {
      ipc.close();
      core.close();
      rmSync(folder, { recursive: true });
    },
  };
}

contractSuite('IPC', openRig);

describe('the IPC transport', () => {
  it('refuses other pages, other frames and frames that are gone', async () => {
    const rig = await openRig();
    const { pipe } = rig;
    for (const frame of [{ url: PAGE }, { url: 'https://example.test/' }, null]) {
      expect(await pipe.invoke('snapshot', {}, frame)).toMatchObject({ ok: false, code: 'Forbidden' });
    }
    pipe.frame.url = 'file:///etc/passwd';
    expect(await pipe.invoke('snapshot', {})).toMatchObject({ ok: false, code: 'Forbidden' });
    await rig.close();
  });

  it('forgets a window that is gone', async () => {
    const rig = await openRig();
    rig.transport.subscribe(() => undefined);
    rig.pipe.contents.emit('destroyed');
    expect(rig.gone).toEqual(['window:1']);
    await rig.close();
  });
});
