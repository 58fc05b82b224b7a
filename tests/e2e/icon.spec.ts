/** The icon as a drawing, in a browser beside the icon of pixels. */
import fs from 'node:fs';
import path from 'node:path';
import { expect } from '../support/e2e';
import { test } from '../support/e2e/phone';
import { appDir } from '../support/e2e/traywatch';

/** Side of resources/icon.png, so that neither is scaled. */
const SIZE = 512;

/** A picture from resources as a URL. */
function toUrl(name: string, type: string): string {
  return `data:${type};base64,${fs.readFileSync(path.join(appDir, 'resources', name)).toString('base64')}`;
}

test('the drawing looks like the icon of pixels', async ({ browser }, info) => {
  const page = await browser.newPage({ viewport: { width: 640, height: 320 } });
  await page.setContent(`<body style="background:#888"><img id="drawing" width="256" src="${toUrl('icon.svg', 'image/svg+xml')}"> <img id="pixels" width="256" src="${toUrl('icon.png', 'image/png')}">`);
  await page.screenshot({ path: info.outputPath('icons.png') });
  const shares = await page.evaluate(async (size) => {
    const read = async (id: string): Promise<Uint8ClampedArray> => {
      const image = document.getElementById(id) as HTMLImageElement;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0, size, size);
      return context?.getImageData(0, 0, size, size).data ?? new Uint8ClampedArray();
    };
    const [drawing, pixels] = [await read('drawing'), await read('pixels')];
    const share = (isCounted: (value: number, index: number) => boolean): number => drawing.filter(isCounted).length / drawing.length;
    return { different: share((value, index) => Math.abs(value - (pixels[index] ?? 0)) > 40), opaque: share((value, index) => index % 4 === 3 && value === 255) * 4 };
  }, SIZE);
  // Edges are smoothed in another way; a part that is missing is more than this.
  expect(shares.different).toBeLessThan(0.002);
  expect(shares.opaque).toBeGreaterThan(0.7);
  await page.close();
});
