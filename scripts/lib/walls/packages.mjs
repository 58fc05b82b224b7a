/** Who may import which package: the part of .dependency-cruiser.mjs about them. */
import { any, NODE_START, pack, START, TYPES } from './words.mjs';

/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule */

const WINDOWS_BINDINGS = '^src/main/engine/windows/bind\\.win32\\.ts$';

/** @type {Rule[]} */
export const packages = [
  {
    name: 'electron-in-the-desktop',
    comment: 'Everything else runs headless, in a test and in a worker. Not in lan and not in what is shared about sharing, above all.',
    from: { path: '^src/', pathNot: any('^src/main/(desktop|transports)/', START, '^src/preload/') },
    to: { path: pack('electron') },
  },
  {
    name: 'headless-reaches-no-electron',
    comment: 'The program without a desktop runs under plain Node, where there is none: neither it nor its composition reaches it, over whatever modules, not even by type.',
    from: { path: any(NODE_START, '^src/main/headless\\.ts$') },
    to: { path: pack('electron'), reachable: true },
  },
  {
    name: 'transports-are-given-electron',
    comment: 'A transport gets ipcMain handed in; it names its type.',
    from: { path: '^src/main/transports/' },
    to: { path: pack('electron'), dependencyTypesNot: TYPES },
  },
  {
    name: 'server-packages-in-lan',
    comment: 'They are loaded with the server or not at all.',
    from: { path: '^src/', pathNot: '^src/main/lan/' },
    to: { path: pack('fastify', '@fastify/[^/]+', '@peculiar/x509', 'dns-packet') },
  },
  {
    name: 'swagger-in-docs',
    comment: 'Only what describes the API needs it, and that is loaded late (docs-are-loaded-late).',
    from: { path: '^src/', pathNot: '^src/main/lan/routes/docs\\.ts$' },
    to: { path: pack('@fastify/swagger', '@fastify/swagger-ui') },
  },
  {
    name: 'updater-in-updates',
    comment: 'It keeps an id and sends it, unless it is kept from that: one place does so.',
    from: { path: '^src/', pathNot: '^src/main/desktop/updates/' },
    to: { path: pack('electron-updater') },
  },
  {
    name: 'qr-codes-in-sharing',
    comment: 'One component draws them.',
    from: { path: '^src/', pathNot: '^src/renderer/features/sharing/' },
    to: { path: pack('uqr') },
  },
  {
    name: 'charts-in-charts',
    comment: 'The chart library is large and has one user.',
    from: { path: '^src/', pathNot: '^src/renderer/charts/' },
    to: { path: pack('echarts') },
  },
  {
    name: 'sqlite-in-the-store',
    comment: 'Only the store knows SQL.',
    from: { path: '^src/', pathNot: '^src/main/engine/store/' },
    to: { path: pack('better-sqlite3') },
  },
  {
    name: 'systeminformation-on-demand',
    comment: 'It starts processes and is slow to load. One file loads it, late, for what does not change and somebody wants to see.',
    from: { path: '^src/', pathNot: '^src/main/engine/collectors/platform\\.ts$' },
    to: { path: pack('systeminformation') },
  },
  {
    name: 'no-loop-asks-systeminformation',
    comment: 'What is read again and again is read by a reader of our own.',
    from: { path: '^src/main/engine/(collectors|processes|sampler)/', pathNot: '/(deps|platform)\\.ts$' },
    to: { path: '^src/main/engine/collectors/systeminformation\\.ts$' },
  },
  {
    name: 'koffi-in-one-file',
    comment: 'Whoever calls into a library can crash the app: all such calls are declared in one place, and bound by one file.',
    from: { path: '^src/', pathNot: WINDOWS_BINDINGS },
    to: { path: pack('koffi') },
  },
  {
    name: 'koffi-is-loaded-late',
    comment: 'On Linux and macOS it is never in memory: its one user is loaded by import() on Windows, and loads it so.',
    from: { path: '^src/' },
    to: { path: any(WINDOWS_BINDINGS, pack('koffi')), dependencyTypesNot: [...TYPES, 'dynamic-import'] },
  },
  {
    name: 'pg-in-one-file',
    comment: 'What speaks to databases is bounded, closed and listened to in one place, which is loaded with the first probe of one (probers-are-loaded-late).',
    from: { path: '^src/', pathNot: '^src/main/engine/probes/postgresql\\.ts$' },
    to: { path: pack('pg') },
  },
  {
    name: 'main-needs-no-dev-package',
    comment:
      'What main imports is there when the app runs: a dependency, bundled (zod, electron-updater, pg, @fastify/static, @fastify/swagger-ui) or shipped beside it; or Electron, which is the runtime. The page is bundled whole, so its packages are development ones.',
    from: { path: '^src/(main|preload)/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: TYPES, pathNot: pack('electron') },
  },
];
