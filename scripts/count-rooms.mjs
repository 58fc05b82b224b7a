/**
 * How the sources hang together, in numbers: `node scripts/count-rooms.mjs [folder] [--json]`, folder being another checkout (it
 * needs no node_modules). Counts modules, rooms, the arrows between them and circles, so that a move can be compared.
 *
 * A room is a folder of src/main, src/renderer or src/renderer/features; src/shared and src/preload are one each; what lies
 * loose in src/main or src/renderer is a room, too. A circle is a set of rooms (or modules) each of which reaches every other.
 */
import path from 'node:path';
import { cruise } from 'dependency-cruiser';

const ROOM = /^src\/(?:renderer\/features\/[^/]+(?=\/)|(?:main|renderer)\/[^/]+(?=\/)|main|renderer|shared|preload)/;
const TYPES = new Set(['type-only', 'type-import']);

/**
 * @typedef {{ from: string, to: string, types: boolean, late: boolean }} Arrow
 */

/** @param {string} baseDir @returns {Promise<{ modules: string[], arrows: Arrow[] }>} */
async function readArrows(baseDir) {
  const { output } = await cruise(['src'], { baseDir, parser: 'swc', doNotFollow: { path: '(^|/)node_modules/' } });
  if (typeof output === 'string') throw new TypeError('The result is a text.');
  const modules = output.modules.filter(({ source }) => /^src\/.*\.tsx?$/.test(source));
  const names = new Set(modules.map(({ source }) => source));
  const arrows = modules.flatMap(({ source, dependencies }) =>
    dependencies
      .filter(({ resolved }) => names.has(resolved))
      .map(({ resolved, dependencyTypes, dynamic }) => ({ from: source, to: resolved, types: dependencyTypes.some((type) => TYPES.has(type)), late: dynamic })),
  );
  return { modules: [...names], arrows };
}

/**
 * Sets of nodes that reach each other (Tarjan).
 * @param {Iterable<string>} nodes
 * @param {Map<string, Set<string>>} next
 */
function findCircles(nodes, next) {
  /** @type {Map<string, { index: number, low: number, open: boolean }>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const circles = [];
  /** @param {string} node */
  const visit = (node) => {
    const own = { index: seen.size, low: seen.size, open: true };
    seen.set(node, own);
    stack.push(node);
    for (const to of next.get(node) ?? []) {
      const known = seen.get(to) ?? visit(to);
      if (known.open) own.low = Math.min(own.low, known.low);
    }
    if (own.low === own.index) {
      const circle = stack.splice(stack.indexOf(node));
      for (const member of circle) {
        const record = seen.get(member);
        if (record) record.open = false;
      }
      if (circle.length > 1) circles.push(circle.toSorted());
    }
    return own;
  };
  for (const node of nodes) if (!seen.has(node)) visit(node);
  return circles.toSorted((a, b) => b.length - a.length);
}

/** @param {Iterable<{ from: string, to: string }>} arrows */
function toNext(arrows) {
  /** @type {Map<string, Set<string>>} */
  const next = new Map();
  for (const { from, to } of arrows) if (from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  return next;
}

/** @param {Map<string, Set<string>>} next */
const sizeOf = (next) => [...next.values()].reduce((sum, to) => sum + to.size, 0);

/** @param {Map<string, Set<string>>} next Pairs that point at each other. */
const mutual = (next) => [...next].flatMap(([from, to]) => [...to].filter((other) => from < other && next.get(other)?.has(from)).map((other) => `${from} <-> ${other}`)).toSorted();

/** @param {string} folder */
async function count(folder) {
  const { modules, arrows } = await readArrows(folder);
  /** @param {string} source */
  const roomOf = (source) => ROOM.exec(source)?.[0] ?? source;
  const values = arrows.filter(({ types }) => !types);
  const between = arrows.map(({ from, to, ...rest }) => ({ from: roomOf(from), to: roomOf(to), ...rest })).filter(({ from, to }) => from !== to);
  const rooms = [...new Set(modules.map(roomOf))].toSorted();
  const all = toNext(between);
  const running = toNext(between.filter(({ types }) => !types));
  return {
    modules: modules.length,
    imports: { all: arrows.length, 'of types only': arrows.length - values.length, late: arrows.filter(({ late }) => late).length },
    'circles of modules': { all: findCircles(modules, toNext(arrows)), 'without types': findCircles(modules, toNext(values)) },
    'loose modules': { 'src/main': modules.filter((source) => roomOf(source) === 'src/main').length, 'src/renderer': modules.filter((source) => roomOf(source) === 'src/renderer').length },
    rooms: rooms.length,
    'imports between rooms': { all: between.length, 'without types': between.filter(({ types }) => !types).length },
    'arrows between rooms': { all: sizeOf(all), 'without types': sizeOf(running) },
    'circles of rooms': { all: findCircles(rooms, all), 'without types': findCircles(rooms, running) },
    'rooms that need each other': { all: mutual(all), 'without types': mutual(running) },
  };
}

const args = process.argv.slice(2);
const result = await count(path.resolve(args.find((arg) => !arg.startsWith('--')) ?? '.'));
if (args.includes('--json')) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
else
  for (const [name, value] of Object.entries(result)) {
    if (typeof value === 'number') process.stdout.write(`${name}: ${value}\n`);
    else
      for (const [part, found] of Object.entries(value)) {
        process.stdout.write(`${name}, ${part}: ${Array.isArray(found) ? found.length : found}\n`);
        if (Array.isArray(found)) for (const one of found) process.stdout.write(`    ${Array.isArray(one) ? one.join(', ') : one}\n`);
      }
  }
