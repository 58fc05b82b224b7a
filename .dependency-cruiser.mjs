/**
 * Who may import whom. `npm run walls` checks it; tests/unit/architecture.test.ts tries each rule on a wrong import and on
 * its right twin.
 *
 * TypeScript 7 has no API that a parser could be built on, so swc reads the sources. Without @swc/core this tool would
 * not see a single TypeScript file and be content: the test therefore also counts what was seen.
 */

import { packages } from './scripts/lib/walls/packages.mjs';
import { any, NODE_START, pack, START, TYPES } from './scripts/lib/walls/words.mjs';

/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule */

const LAN_CONTROLLER = '^src/main/core/lan-controller\\.ts$';

/** @type {import('dependency-cruiser').DependencyType[]} */
const BUILTIN = ['core'];

/** @type {Rule[]} */
const everywhere = [
  {
    name: 'no-circle',
    comment:
      'Of two parts that need each other neither can be read, tried or moved alone. Types count: a circle of types is still one thing to understand, and to except it would let circles of values hide behind it.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolvable',
    comment: 'An import that leads nowhere is invisible to every other rule.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-undeclared-package',
    comment: 'A package that is only there because another needs it goes when the other goes. (Two files run with a package.json of their own.)',
    from: { pathNot: any('^tests/fixtures/', '^scripts/lib/fallback-shim/') },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'src-alone',
    comment: 'The product does not know its tests, scripts and configuration.',
    from: { path: '^src/' },
    to: { path: any('^tests/', '^scripts/', '^[^/]+\\.config\\.ts$') },
  },
  {
    name: 'no-import-of-an-entry',
    comment: 'What starts a program has nobody above it. Only index.ts picks what is loaded under Electron, and traywatch.ts loads what runs under plain Node.',
    from: { path: '^src/', pathNot: '^src/main/(index|traywatch)\\.ts$' },
    to: { path: any(START, NODE_START, '^src/preload/index\\.ts$', '^src/renderer/main\\.tsx$', '^src/renderer/worker/sw\\.ts$') },
  },
];

/** @type {Rule[]} */
const layers = [
  {
    name: 'shared-alone',
    comment: 'src/shared is read by all sides, in Node and in a browser: it imports nothing but itself and zod.',
    from: { path: '^src/shared/' },
    to: { pathNot: any('^src/shared/', pack('zod')) },
  },
  {
    name: 'engine-alone',
    comment: 'The engine runs under plain Node and knows nothing to its right.',
    from: { path: '^src/main/engine/' },
    to: { pathNot: any('^src/main/engine/', '^src/shared/', pack('better-sqlite3', 'koffi', 'pg', 'systeminformation', 'zod')), dependencyTypesNot: BUILTIN },
  },
  {
    name: 'engine-starts-programs-in-one-place',
    comment: 'There they are counted, have a deadline, and end with the app.',
    from: { path: '^src/main/engine/', pathNot: '^src/main/engine/programs/' },
    to: { path: '^(child_process|cluster)$', dependencyTypes: BUILTIN },
  },
  {
    name: 'linux-starts-no-program',
    comment: 'A process per tick would cost more than everything that is measured; the files of its kernel tell it all. Only nvidia-smi is followed, by collectors/gpu/nvidia.ts, and smartctl asked once an hour, by collectors/smart.ts.',
    from: { path: '^src/main/engine/(.*\\.linux|collectors/linux)\\.ts$' },
    to: { path: '^src/main/engine/programs/' },
  },
  {
    name: 'main-knows-no-page',
    comment: 'Main and the page are two programs; what both need lies in src/shared.',
    from: { path: '^src/main/' },
    to: { path: any('^src/renderer/', '^src/preload/') },
  },
  {
    name: 'preload-alone',
    comment: 'A sandboxed preload is one small file: the bridge and what is shared, nothing else.',
    from: { path: '^src/preload/' },
    to: { pathNot: any('^src/preload/', '^src/shared/', pack('electron')) },
  },
  {
    name: 'renderer-alone',
    comment: 'The page runs in a browser, too, and reaches the app through its client only. No Node, no Electron; its packages are these.',
    from: { path: '^src/renderer/' },
    to: { pathNot: any('^src/renderer/', '^src/shared/', pack('react', 'react-dom', 'zustand', 'echarts', 'uqr', 'zod')) },
  },
];

/** @type {Rule[]} */
const roomsOfMain = [
  {
    name: 'rooms-know-no-core',
    comment: 'The core is put together from the rooms, and the ways out of the app lie around it: no room looks back.',
    from: { path: '^src/main/(access|power|alerts|diagnostics|history|machines|report|services|timeline|settings|updates|lib)/' },
    to: { path: '^src/main/(core|desktop|lan|transports)/' },
  },
  {
    name: 'core-knows-no-desktop',
    comment: 'The core runs without a desktop.',
    from: { path: '^src/main/core/' },
    to: { path: '^src/main/(desktop|transports)/' },
  },
  {
    name: 'lan-knows-no-core',
    comment: 'The server is given what it needs; it takes nothing from those that start it.',
    from: { path: '^src/main/lan/' },
    to: { path: '^src/main/(core|desktop|transports)/' },
  },
  {
    name: 'lib-alone',
    comment: 'Small helpers for every room know no room.',
    from: { path: '^src/main/lib/' },
    to: { path: '^src/main/', pathNot: any('^src/main/lib/', '^src/main/engine/') },
  },
  {
    name: 'lib-types-of-the-engine',
    comment: 'Of the engine they know at most its types, but for the log, the name of a file that is put aside and renaming with patience, which files need as much.',
    from: { path: '^src/main/lib/' },
    to: { path: '^src/main/engine/', pathNot: '^src/main/engine/(log|quarantine|rename-file)\\.ts$', dependencyTypesNot: TYPES },
  },
  {
    name: 'lan-has-one-user',
    comment: 'While sharing is off nothing of the server is in memory, so one part alone may know it, even by type.',
    from: { pathNot: any('^src/main/lan/', LAN_CONTROLLER, '^tests/') },
    to: { path: '^src/main/lan/' },
  },
  {
    name: 'lan-is-loaded-late',
    comment: 'That one part loads it by import(), when it is switched on.',
    from: { path: LAN_CONTROLLER },
    to: { path: '^src/main/lan/', dependencyTypesNot: [...TYPES, 'dynamic-import'] },
  },
  {
    name: 'lan-has-one-door',
    comment: 'What is loaded is its index; the rest may be named by type.',
    from: { path: LAN_CONTROLLER },
    to: { path: '^src/main/lan/', pathNot: '^src/main/lan/index\\.ts$', dependencyTypesNot: TYPES },
  },
  {
    name: 'docs-are-loaded-late',
    comment: 'Few read the description of the API: what makes it, with its packages, is loaded by import() when somebody does.',
    from: { path: '^src/' },
    to: { path: '^src/main/lan/routes/docs\\.ts$', dependencyTypesNot: [...TYPES, 'dynamic-import'] },
  },
  {
    name: 'updates-are-loaded-late',
    comment: 'Most of the time nothing is asked: what asks, reads the answer and installs is loaded when that is due, by import().',
    from: { path: '^src/', pathNot: '^src/main/(desktop/)?updates/' },
    to: { path: '^src/main/(desktop/)?updates/', dependencyTypesNot: [...TYPES, 'dynamic-import'] },
  },
  {
    name: 'containers-are-loaded-late',
    comment: 'Most machines have no container engine. They load what looks for one, and what the page enters; the rest comes by import(), when one is there.',
    from: { path: '^src/', pathNot: '^src/main/engine/containers/' },
    to: { path: '^src/main/engine/containers/', pathNot: '^src/main/engine/containers/(discovery|disk/own-mount)\\.ts$', dependencyTypesNot: [...TYPES, 'dynamic-import'] },
  },
  {
    name: 'a-look-loads-little',
    comment: 'What every machine loads to look for engines does not draw the room in.',
    from: { path: '^src/main/engine/containers/(discovery|endpoint|answer)\\.ts$' },
    to: { path: '^src/main/engine/containers/', pathNot: '^src/main/engine/containers/(endpoint|answer)\\.ts$', dependencyTypesNot: TYPES },
  },
  {
    name: 'probes-are-loaded-late',
    comment: 'Most machines probe nothing, and have nothing of it in memory: only src/main/services, which is loaded with the first service, may load it at once.',
    from: { path: '^src/', pathNot: '^src/main/(engine/probes|services)/' },
    to: { path: '^src/main/engine/probes/', dependencyTypesNot: [...TYPES, 'dynamic-import'] },
  },
  {
    name: 'probers-are-loaded-late',
    comment: 'Of the kinds of probes those are loaded that a service needs.',
    from: { path: '^src/' },
    to: { path: '^src/main/engine/probes/(http|tcp|ping|postgresql)\\.ts$', dependencyTypesNot: [...TYPES, 'dynamic-import'] },
  },
];

/** @type {Rule[]} */
const roomsOfThePage = [
  {
    name: 'features-know-no-feature',
    comment: 'A page can be taken out or rebuilt alone; what two of them need is moved to ui, charts, data or lib.',
    from: { path: '^src/renderer/features/([^/]+)' },
    to: { path: '^src/renderer/features/', pathNot: '^src/renderer/features/$1(/|$)' },
  },
  {
    name: 'parts-know-no-feature',
    comment: 'Parts are used by features and by the app, and know neither.',
    from: { path: '^src/renderer/(charts|ui|data|lib|theme|worker)/' },
    to: { path: any('^src/renderer/(features|app)/', '^src/renderer/[^/]+\\.tsx?$') },
  },
];

/** Modules about all families; whatever else lies in these two folders is a family of its own. */
const ABOUT_ALL = any(
  '^src/shared/metrics/(index|define|beside|counter-start|device-state|fault-labels|merge|pages|reading|severity)\\.ts$',
  '^src/main/engine/collectors/(index|collector|deps|platform|demo-machine|own-machine|portable|linux|byte-cursor|faults|files|numbers|systeminformation)\\.ts$',
);
/** @type {Rule[]} */
const families = [
  {
    name: 'families-come-by-index',
    comment:
      'A new family is one more entry in two lists. Whoever stores, judges, sends or shows a metric knows it by its description; the core and the collectors of processes and of the host may know a family by name.',
    from: { path: '^src/', pathNot: any('^src/shared/metrics/', '^src/main/engine/(collectors|processes|host)/', '^src/main/core/') },
    to: { path: any('^src/shared/metrics/', '^src/main/engine/collectors/'), pathNot: ABOUT_ALL },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...everywhere, ...layers, ...roomsOfMain, ...packages, ...roomsOfThePage, ...families].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    // It sees imports of types, and tells them from others, without `tsPreCompilationDeps`, which asks for TypeScript's API.
    parser: 'swc',
    doNotFollow: { path: '(^|/)node_modules/' },
    // Declarations stand beside scripts that are read themselves.
    exclude: { path: '\\.d\\.mts$' },
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
