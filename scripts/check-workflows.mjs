/** `npm run workflows`: checks the workflows of the forge. They run there alone, and a mistake would be seen with a release. */
import fs from 'node:fs';
import path from 'node:path';
import { root } from './lib/paths.mjs';
import { runMain, say } from './lib/say.mjs';
import { checkWorkflows } from './lib/workflows.mjs';

await runMain(async () => {
  const files = fs.globSync('.github/workflows/*.{yml,yaml}', { cwd: root }).toSorted();
  const problems = await checkWorkflows(files.map((file) => ({ file, text: fs.readFileSync(path.join(root, file), 'utf8') })));
  problems.forEach(say);
  return problems.length === 0 ? 0 : 1;
});
