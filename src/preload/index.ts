/** Puts the bridge into the window's world. It knows no call by name: the contract is enforced on the main side. */
import { contextBridge, ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { IPC } from '../shared/api/bridge';
import type { Bridge } from '../shared/api/bridge';

const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(IPC.call, name, input),
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
