import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isKeptByContainerd, knowsTypes, readCheapUsage, readImageList, readWalkedUsage } from '../../../../../src/main/engine/containers/disk/answers';

const fixture = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '../../../../fixtures/containers/df', `${name}.json`), 'utf8'));

describe('what an engine answers about images and build cache', () => {
  // Reclaimable until 1.51: of 550 MB of layers the image in use alone has 350; 50 MB of the cache are its own and not in use.
  const typed = { images: 550_000_000, buildCache: 70_000_000, reclaimable: 250_000_000, isApproximate: false };
  it.each([
    // As `docker system df` told of the same: it does not see that all layers of the first image are in use.
    ['docker-1.40', { images: 5_128_033, buildCache: 0, reclaimable: 1_982_305, isApproximate: false }],
    ['docker-1.41', { images: 5_128_033, buildCache: 0, reclaimable: 1_982_305, isApproximate: false }],
    ['docker-1.42-image', typed],
    ['docker-1.44-image', typed],
    ['docker-1.52-image', typed],
    ['docker-1.53-image', typed],
    // It says that the layers have 0 bytes: the images are added up.
    ['podman-4.3', { images: 7_149_000, buildCache: 0, reclaimable: 7_149_000, isApproximate: true }],
  ])('%s', (name, usage) => {
    expect(readCheapUsage(fixture(name))).toEqual(usage);
  });

  it('is 0 where a field is left out of a sum, and null where the sum is', () => {
    expect(readCheapUsage({ ImageUsage: {} })).toEqual({ images: 0, buildCache: null, reclaimable: 0, isApproximate: false });
    expect(readCheapUsage({ Images: [], LayersSize: 0 })).toEqual({ images: 0, buildCache: null, reclaimable: 0, isApproximate: false });
  });

  it.each([null, [], 'x', {}, { ImageUsage: { TotalSize: -5 } }, { Images: [{ Size: 3 }] }, { Images: null }])('%j is refused', (answer) => {
    expect(() => readCheapUsage(answer)).toThrow(/cannot be understood|tells nothing/);
  });
});

describe('a list of images', () => {
  it.each([
    // The second was made from the first, whose layer it shares: the sum is that of the layers.
    ['docker-1.41-images', 5_128_033],
    ['podman-4.3-images', 5_151_105],
  ])('%s counts the layers of a parent once', (name, images) => {
    expect(readImageList(fixture(name))).toEqual({ images, buildCache: null, reclaimable: null, isApproximate: true });
  });

  it('counts an image that has several lines once', () => {
    expect(readImageList([{ Id: 'a', Size: 7 }, { Id: 'sha256:a', Size: 7 }]).images).toBe(7);
    expect(() => readImageList({ message: 'not found' })).toThrow('cannot be understood');
  });
});

describe('what an engine answers about containers and volumes', () => {
  it.each([
    ['docker-1.40', { containers: 3_145_728, volumes: 5_242_880 }],
    ['docker-1.41', { containers: 3_145_728, volumes: 5_242_880 }],
    ['docker-1.44-walk', { containers: 9_000_000, volumes: 700_000_000 }],
    ['docker-1.52-walk', { containers: 9_000_000, volumes: 700_000_000 }],
    ['docker-1.53-walk', { containers: 9_000_000, volumes: 700_000_000 }],
    ['podman-4.3', { containers: 3_145_740, volumes: 5_242_880 }],
  ])('%s', (name, usage) => {
    expect(readWalkedUsage(fixture(name))).toEqual(usage);
  });

  it('is null where no volume has a known size, and refused where nothing is told', () => {
    expect(readWalkedUsage({ Containers: [], Volumes: [{ UsageData: { Size: -1 } }, { UsageData: null }] })).toEqual({ containers: 0, volumes: null });
    expect(() => readWalkedUsage({})).toThrow('tells nothing');
  });
});

describe('an engine', () => {
  it.each([
    ['1.24', false],
    ['1.41', false],
    ['1.42', true],
    ['1.53', true],
    ['2.0', true],
    ['', false],
  ])('with API %s: types are known: %s', (ApiVersion, is) => {
    expect(knowsTypes({ ApiVersion })).toBe(is);
  });

  it('may keep its images with containerd', () => {
    expect(isKeptByContainerd(fixture('docker-info'))).toBe(false);
    expect(isKeptByContainerd(fixture('podman-info'))).toBe(false);
    expect(isKeptByContainerd({ DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] })).toBe(true);
    expect(isKeptByContainerd({ DriverStatus: null })).toBe(false);
    expect(() => isKeptByContainerd('no')).toThrow('cannot be understood');
  });
});
