/**
 * Room `preload`: exposes the bridge to the page as `window.traywatch`. It knows no call by name; main checks every call
 * against the contract, so a new call never changes this file.
 * May import shared and electron only, and nothing imports it: a sandboxed preload is one small file.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { IPC } from '../shared/api/bridge';
import type { Bridge } from '../shared/api/bridge';

const bridge: Bridge = {
  call: (name, input, machine) => ipcRenderer.invoke(IPC.call, name, input, machine),
  subscribe: (listener) => {
    const onEvent = (_event: IpcRendererEvent, name: string, payload: unknown): void => listener(name, payload);
    ipcRenderer.on(IPC.event, onEvent);
    ipcRenderer.send(IPC.subscribe, true);
    return () => {
      ipcRenderer.off(IPC.event, onEvent);
      if (ipcRenderer.listenerCount(IPC.event) === 0) ipcRenderer.send(IPC.subscribe, false);
    };
  },
};

contextBridge.exposeInMainWorld('traywatch', bridge);
