import fs from 'node:fs';
import path from 'node:path';

/** Writes a panel along the top edge with a task list and a tray, which is where new icons show at once. */
export function writePanelConfig(configDir: string): void {
  writeChannel(configDir, 'xfce4-panel', panelProperties);
}

/** Writes the window manager's settings: no compositing, which a display without a graphics card only slows down. */
export function writeWindowManagerConfig(configDir: string): void {
  writeChannel(configDir, 'xfwm4', '<property name="general" type="empty"><property name="use_compositing" type="bool" value="false"/></property>');
}

function writeChannel(configDir: string, channel: string, properties: string): void {
  const folder = path.join(configDir, 'xfce4', 'xfconf', 'xfce-perchannel-xml');
  fs.mkdirSync(folder, { recursive: true });
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<channel name="${channel}" version="1.0">${properties}</channel>\n`;
  fs.writeFileSync(path.join(folder, `${channel}.xml`), text);
}

const panelProperties = `
<property name="configver" type="int" value="2"/>
<property name="panels" type="array">
  <value type="int" value="1"/>
  <property name="dark-mode" type="bool" value="true"/>
  <property name="panel-1" type="empty">
    <property name="position" type="string" value="p=6;x=0;y=0"/>
    <property name="length" type="uint" value="100"/>
    <property name="position-locked" type="bool" value="true"/>
    <property name="size" type="uint" value="28"/>
    <property name="icon-size" type="uint" value="22"/>
    <property name="plugin-ids" type="array">
      <value type="int" value="1"/><value type="int" value="2"/><value type="int" value="3"/>
    </property>
  </property>
</property>
<property name="plugins" type="empty">
  <property name="plugin-1" type="string" value="tasklist"/>
  <property name="plugin-2" type="string" value="separator">
    <property name="expand" type="bool" value="true"/><property name="style" type="uint" value="0"/>
  </property>
  <property name="plugin-3" type="string" value="systray">
    <property name="square-icons" type="bool" value="true"/><property name="icon-size" type="uint" value="22"/>
  </property>
</property>`;
