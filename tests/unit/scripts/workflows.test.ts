/** The check of workflows finds what it is there for; what is newer than its linter is no mistake. */
import { describe, expect, it } from 'vitest';
import { checkWorkflows } from '../../../scripts/lib/workflows.mjs';

const RIGHT = `name: release
on:
  push:
    tags: ['v*']
permissions:
  contents: read
jobs:
  build:
    strategy:
      matrix:
        runner: [ubuntu-24.04, ubuntu-24.04-arm, macos-15, windows-2025]
    runs-on: \${{ matrix.runner }}
    steps:
      - uses: actions/checkout@v5
      - id: version
        env: { TAG: '\${{ github.ref_name }}', OWNER: '\${{ vars.OWNER }}' }
        run: echo "number=\${TAG#v}" >> "$GITHUB_OUTPUT"
      - run: echo "$NUMBER"
        env: { NUMBER: '\${{ steps.version.outputs.number }}' }
  publish:
    needs: [build]
    runs-on: ubuntu-24.04
    permissions: { contents: write, id-token: write, attestations: write }
    steps:
      - uses: actions/attest-build-provenance@v3
        with: { subject-path: 'release/*' }
`;

/** What is found in the workflow after a change; the change must be one. */
async function problemsAfter(from: string, to: string): Promise<string[]> {
  const text = RIGHT.replace(from, to);
  expect(text).not.toBe(RIGHT);
  return checkWorkflows([{ file: 'release.yml', text }]);
}

describe('a workflow', () => {
  it('without a mistake is taken, runners and permissions that came after the linter included', async () => {
    expect(await checkWorkflows([{ file: 'release.yml', text: RIGHT }])).toEqual([]);
  });

  it.each([
    ['a job that needs one that is not there', 'needs: [build]', 'needs: [biuld]', 'biuld'],
    ['a step that is not there', 'steps.version.outputs', 'steps.versoin.outputs', 'versoin'],
    ['a variable of the forge that is not there', 'github.ref_name', 'github.ref_nmae', 'ref_nmae'],
    ['a value of the matrix that is not there', 'matrix.runner', 'matrix.rnuner', 'rnuner'],
    ['the words of a stranger in a script', 'echo "$NUMBER"', 'echo "${{ github.event.head_commit.message }}"', 'untrusted'],
    ['a key that is not there', 'runs-on: ubuntu-24.04\n', 'runs-no: ubuntu-24.04\n', 'runs-no'],
    ['a runner that is not there', 'macos-15', 'macos-51', 'macos-51'],
    ['a permission that is not there', 'attestations: write', 'atestations: write', 'atestations'],
    ['a permission with a value that is not there', 'attestations: write', 'attestations: wirte', 'wirte'],
  ])('is refused with %s', async (_, from, to, word) => {
    const problems = await problemsAfter(from, to);
    expect(problems.join('\n')).toContain(word);
    for (const problem of problems) expect(problem).toMatch(/^release\.yml:\d+:\d+: /);
  });

  it('is refused where it is no YAML, and the next one is read all the same', async () => {
    const wrong = RIGHT.replace('macos-15', 'macos-51');
    const problems = await checkWorkflows([{ file: 'broken.yml', text: RIGHT.replace('steps:\n', 'steps: [\n') }, { file: 'wrong.yml', text: wrong }]);
    expect(problems).toEqual([expect.stringMatching(/^broken\.yml: .*no YAML/), expect.stringMatching(/^wrong\.yml:.*macos-51/)]);
  });

  it.each(['actions/checkout', 'actions/checkout@main', 'actions/checkout@v5.0.1', 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8', './.github/actions/own', 'docker://alpine:3'])('is refused with the action %s: all are pinned to a major version', async (action) => {
    expect(await problemsAfter('actions/checkout@v5', action)).toContainEqual(`release.yml:14: "${action}" is not pinned to a major version, as in owner/name@v1`);
  });

  it('has each action in one version, whatever file it is in', async () => {
    const other = RIGHT.replace('actions/checkout@v5', 'actions/checkout@v4');
    expect(await checkWorkflows([{ file: 'release.yml', text: RIGHT }, { file: 'other.yml', text: other }])).toEqual(['other.yml:14: "actions/checkout@v4" is "actions/checkout@v5" elsewhere']);
  });
});
