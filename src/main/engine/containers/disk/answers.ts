/**
 * Understands what engines answer about disk space. Pure.
 *
 * Docker Engine API, `GET /system/df`: until 1.51 lists (`LayersSize`, `Images`, `Containers`, `Volumes`, `BuildCache`), from
 * 1.52 sums (`ImageUsage` …), from 1.53 the sums alone. `type`, which leaves out what is slow, is known from 1.42 on. Podman
 * answers in the form of 1.41 and ignores `type`. Go leaves out fields that are 0 where the API marks them so.
 */
import * as z from 'zod';

const bytes = z.number().nonnegative();
/** -1 where the engine does not know. */
const bytesOrUnknown = z.number();
const idText = z.string().max(500);

/** Bytes of images and of the build cache; null: not told. `isApproximate`: layers that images share may count more than once. */
export interface CheapUsage {
  readonly images: number | null;
  readonly buildCache: number | null;
  readonly reclaimable: number | null;
  readonly isApproximate: boolean;
}

/** Bytes of containers (what they wrote) and volumes; null: not told. */
export interface WalkedUsage {
  readonly containers: number | null;
  readonly volumes: number | null;
}

const sumSchema = z.looseObject({ TotalSize: bytes.optional(), Reclaimable: bytes.optional() }).nullish();
const imagesSchema = z.array(z.looseObject({ Id: idText, ParentId: idText.optional(), Size: bytes, SharedSize: bytesOrUnknown.optional(), Containers: z.number().optional() }));
const cacheSchema = z.array(z.looseObject({ Size: bytes.optional(), InUse: z.boolean().optional(), Shared: z.boolean().optional() }));

const usageSchema = z.looseObject({
  ImageUsage: sumSchema,
  ContainerUsage: sumSchema,
  VolumeUsage: sumSchema,
  BuildCacheUsage: sumSchema,
  LayersSize: bytes.optional(),
  Images: imagesSchema.nullish(),
  Containers: z.array(z.looseObject({ SizeRw: bytes.optional() })).nullish(),
  Volumes: z.array(z.looseObject({ UsageData: z.looseObject({ Size: bytesOrUnknown }).nullish() })).nullish(),
  BuildCache: cacheSchema.nullish(),
});
type Usage = z.infer<typeof usageSchema>;
type Images = z.infer<typeof imagesSchema>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function parseAs<T>(schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } }, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new Error(`the engine's answer about ${what} cannot be understood`);
  return parsed.data;
}

/** An id without the name of its hash, which Podman gives or leaves out. */
const bareId = (id: string): string => id.replace(/^sha256:/, '');

/** Bytes of all images, counting the layers of a parent once. Images that were pulled name no parent. */
function distinctSize(images: Images): number {
  const byId = new Map(images.map((image) => [bareId(image.Id), image]));
  return sum([...byId.values()].map(({ Size, ParentId }) => Math.max(0, Size - (byId.get(bareId(ParentId ?? ''))?.Size ?? 0))));
}

/** What would become free without the images that no container uses, as `docker system df` counts it. */
function reclaimableImages(images: Images, total: number): number {
  const used = images.filter(({ Containers }) => Containers !== undefined && Containers > 0);
  return Math.max(0, total - sum(used.map(({ Size, SharedSize = 0 }) => Size - Math.max(0, SharedSize))));
}

interface Part {
  readonly size: number;
  readonly reclaimable: number;
}

/** Images until API 1.51. Podman 4 tells 0 bytes of layers beside its images: then they are added up. */
function listedImages({ Images: images, LayersSize: layers = 0 }: Usage): (Part & { readonly isApproximate: boolean }) | null {
  if (images === null || images === undefined) return null;
  const isTold = layers > 0 || images.length === 0;
  const size = isTold ? layers : distinctSize(images);
  return { size, reclaimable: reclaimableImages(images, size), isApproximate: !isTold };
}

function listedCache({ BuildCache: records }: Usage): Part | null {
  if (records === undefined) return null;
  const own = (records ?? []).filter(({ Shared }) => Shared !== true);
  const sizes = (some: typeof own): number => sum(own.filter((one) => some.includes(one)).map(({ Size = 0 }) => Size));
  return { size: sizes(own), reclaimable: sizes(own.filter(({ InUse }) => InUse !== true)) };
}

const toldPart = (told: z.infer<typeof sumSchema>): Part | null => (told === null || told === undefined ? null : { size: told.TotalSize ?? 0, reclaimable: told.Reclaimable ?? 0 });

/** Images and build cache from the answer of `/system/df`. Throws where it is none. */
export function readCheapUsage(answer: unknown): CheapUsage {
  const usage = parseAs(usageSchema, answer, 'disk space');
  const listed = listedImages(usage);
  const images = toldPart(usage.ImageUsage) ?? listed;
  const cache = toldPart(usage.BuildCacheUsage) ?? listedCache(usage);
  if (images === null) throw new Error('the engine tells nothing about its images');
  return {
    images: images.size,
    buildCache: cache?.size ?? null,
    reclaimable: images.reclaimable + (cache?.reclaimable ?? 0),
    isApproximate: usage.ImageUsage === null || usage.ImageUsage === undefined ? (listed?.isApproximate ?? false) : false,
  };
}

/** Images from the answer of `/images/json?all=1`, of engines whose `/system/df` would walk through all files. Throws where it is none. */
export function readImageList(answer: unknown): CheapUsage {
  return { images: distinctSize(parseAs(imagesSchema, answer, 'images')), buildCache: null, reclaimable: null, isApproximate: true };
}

/** Containers and volumes from the answer of `/system/df`. Volumes of which the engine knows no size are left out. */
export function readWalkedUsage(answer: unknown): WalkedUsage {
  const { ContainerUsage, VolumeUsage, Containers, Volumes } = parseAs(usageSchema, answer, 'disk space');
  const containers = toldPart(ContainerUsage)?.size ?? (Containers === undefined || Containers === null ? null : sum(Containers.map(({ SizeRw = 0 }) => SizeRw)));
  const known = (Volumes ?? []).flatMap(({ UsageData }) => (UsageData === null || UsageData === undefined || UsageData.Size < 0 ? [] : [UsageData.Size]));
  const listed = Volumes === undefined || Volumes === null || (Volumes.length > 0 && known.length === 0) ? null : sum(known);
  const volumes = toldPart(VolumeUsage)?.size ?? listed;
  if (containers === null && volumes === null) throw new Error('the engine tells nothing about its containers and volumes');
  return { containers, volumes };
}

/** True if `/version` names an API that knows `type`. */
export function knowsTypes(version: unknown): boolean {
  const { ApiVersion } = parseAs(z.looseObject({ ApiVersion: z.string().max(20) }), version, 'its version');
  const [major = Number.NaN, minor = Number.NaN] = ApiVersion.split('.').map(Number);
  return major > 1 || (major === 1 && minor >= 42);
}

/** True if `/info` says that images and containers are kept by containerd, outside of the data folder. */
export function isKeptByContainerd(info: unknown): boolean {
  const { DriverStatus } = parseAs(z.looseObject({ DriverStatus: z.array(z.array(z.string())).nullish() }), info, 'itself');
  return (DriverStatus ?? []).some(([key, value]) => key === 'driver-type' && value !== undefined && value.startsWith('io.containerd.snapshotter'));
}
