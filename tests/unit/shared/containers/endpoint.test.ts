import { describe, expect, it } from 'vitest';
import { parseEndpoints } from '../../../../src/renderer/features/settings/endpoint-list';
import { containerSettingsSchema } from '../../../../src/shared/containers/container-settings';
import { endpointProblem } from '../../../../src/shared/containers/endpoint';

describe('the address of a container engine', () => {
  it.each(['unix:///run/user/1000/docker.sock', 'npipe:////./pipe/docker_engine', 'tcp://10.0.0.5:2375', 'tcp://[::1]:2375', 'tcp://nas.local:65535/', 'http://nas:2375'])('%s is one', (text) => {
    expect(endpointProblem(text)).toBeNull();
    expect(containerSettingsSchema.parse({ endpoints: [text] }).endpoints).toEqual([text]);
  });

  it.each([
    ['ssh://me@nas', /^must not be ssh: forward the socket/],
    ['SSH://nas', /^must not be ssh/],
    ['https://nas:2376', /^must not be https/],
    ['/run/docker.sock', /^must be unix:\/\/\/path/],
    ['unix://run/docker.sock', /^must be unix/],
    ['tcp://nas', /^must be unix/],
    ['tcp://nas:0', /port from 1 to 65535/],
    ['tcp://nas:65536', /port from 1 to 65535/],
    ['tcp://user:secret@nas:2375', /^must be unix/],
    ['unix:///run/a b', /^must be unix/],
    ['', /^must be unix/],
    [`unix:///${'a'.repeat(300)}`, /at most 300/],
  ])('%j is none, and why is said', (text, why) => {
    expect(endpointProblem(text)).toMatch(why);
    const parsed = containerSettingsSchema.safeParse({ endpoints: [text] });
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['endpoints', 0], message: expect.stringMatching(why) as string });
  });
});

describe('the list of addresses', () => {
  it('has one a line; empty lines and repeats do not count', () => {
    expect(parseEndpoints(' unix:///a \n\n tcp://b:1\r\nunix:///a\n')).toEqual({ endpoints: ['unix:///a', 'tcp://b:1'], problem: null });
    expect(parseEndpoints('')).toEqual({ endpoints: [], problem: null });
  });

  it('names the line that is wrong, and says when there are too many', () => {
    expect(parseEndpoints('unix:///a\n\nhttp:/x')).toEqual({ endpoints: [], problem: 'Line 3 must be unix:///path, npipe:////./pipe/name or tcp://host:port.' });
    expect(parseEndpoints(Array.from({ length: 11 }, (_, n) => `unix:///${n}`).join('\n')).problem).toBe('At most 10 engines.');
  });
});
