// Opens every tile of a 3D Tiles tileset with CesiumJS, without a window: CesiumJS's own code reads the tilesets,
// subtrees and containers and joins the addresses; what it would hand to the graphics card is counted instead.
import { createRequire } from "node:module";

// Node finds packages from where it was started, build/node, since these scripts lie elsewhere.
export const Cesium = createRequire(`${process.cwd()}/`)("cesium");

const { Cartesian3, ComponentDatatype, Ellipsoid, Matrix4 } = Cesium;

export async function walk(tileset) {
  const seen = {
    version: Cesium.VERSION,
    tiles: 0,
    depth: 0,
    contents: {},
    volumes: {},
    buffers: 0,
    images: 0,
    triangles: 0,
    leaf_triangles: 0,
    place: null, // west, south, east, north in degrees of all that was seen
    heights: null, // metres above the ellipsoid
    outside: 0, // metres by which a corner leaves the bounding volume of its tile, at most
    missing: [], // what could not be had: {url, status}
  };
  await visit(tileset, tileset.root, 0, seen);
  return seen;
}

async function visit(tileset, tile, depth, seen) {
  // An implicit tileset hangs its subtrees in as tiles of their own, which are none.
  const placeholder = tile.implicitTileset !== undefined;
  if (!placeholder) {
    seen.tiles += 1;
    seen.depth = Math.max(seen.depth, depth);
    const volume = Object.keys(tile._header.boundingVolume)[0];
    seen.volumes[volume] = (seen.volumes[volume] ?? 0) + 1;
  }
  for (const resource of resources(tile)) {
    const data = await fetched(resource, seen);
    if (data !== undefined) {
      await open(tileset, tile, resource, data, seen);
    }
  }
  for (const child of tile.children) {
    await visit(tileset, child, depth + (placeholder ? 0 : 1), seen);
  }
}

function resources(tile) {
  if (tile.hasMultipleContents) {
    const base = tile._contentResource;
    return (tile._header.contents ?? tile._contentHeader.contents).map((content) =>
      base.getDerivedResource({ url: content.uri }),
    );
  }
  return tile.hasEmptyContent ? [] : [tile._contentResource];
}

async function fetched(resource, seen) {
  try {
    return await resource.fetchArrayBuffer();
  } catch (error) {
    seen.missing.push({ url: resource.url, status: error.statusCode ?? null });
    return undefined;
  }
}

async function open(tileset, tile, resource, data, seen) {
  const content = Cesium.preprocess3DTileContent(data);
  const kind = content.contentType;
  seen.contents[kind] = (seen.contents[kind] ?? 0) + 1;
  if (kind === "externalTileset") {
    tileset.loadTileset(resource, content.jsonPayload, tile);
  } else if (kind === "subt") {
    await Cesium.Implicit3DTileContent.fromSubtreeJson(tileset, tile, resource, undefined, data, 0);
  } else if (kind === "glb") {
    await model(tile, resource, content.binaryPayload, seen);
  } else if (kind === "b3dm") {
    await model(tile, resource, Cesium.B3dmParser.parse(data, 0).gltf, seen);
  } else {
    throw new Error(`${resource.url} is a ${kind}, which nobody has seen here yet`);
  }
}

async function model(tile, resource, bytes, seen) {
  const gltf = Cesium.parseGlb(bytes);
  const buffers = [];
  for (const buffer of gltf.buffers) {
    seen.buffers += buffer.uri ? 1 : 0;
    const outside = buffer.uri && (await fetched(resource.getDerivedResource({ url: buffer.uri }), seen));
    buffers.push(buffer.uri ? outside && new Uint8Array(outside) : buffer.extras._pipeline.source);
  }
  for (const image of gltf.images ?? []) {
    const data = await fetched(resource.getDerivedResource({ url: image.uri }), seen);
    seen.images += data && Buffer.from(data).subarray(1, 4).toString() === "PNG" ? 1 : 0;
  }
  for (const primitive of gltf.meshes.flatMap((mesh) => mesh.primitives)) {
    const accessor = gltf.accessors[primitive.attributes.POSITION];
    const buffer = buffers[gltf.bufferViews[accessor.bufferView].buffer];
    if (buffer !== undefined) {
      measure(tile, gltf, accessor, buffer, seen);
    }
  }
}

function measure(tile, gltf, accessor, buffer, seen) {
  const view = gltf.bufferViews[accessor.bufferView];
  const numbers = ComponentDatatype.createArrayBufferView(
    accessor.componentType,
    // A copy, since a typed array has to begin at a multiple of four.
    buffer.slice((view.byteOffset ?? 0) + (accessor.byteOffset ?? 0)).buffer,
    0,
    accessor.count * 3,
  );
  const leaf = (tile._header.children ?? []).length === 0 && tile.children.length === 0;
  seen.triangles += accessor.count / 3;
  seen.leaf_triangles += leaf ? accessor.count / 3 : 0;
  const toWorld = Matrix4.multiplyTransformation(tile.computedTransform, Cesium.Axis.Y_UP_TO_Z_UP, new Matrix4());
  const point = new Cartesian3();
  for (let i = 0; i < numbers.length; i += 3) {
    Cartesian3.fromElements(numbers[i], numbers[i + 1], numbers[i + 2], point);
    Matrix4.multiplyByPoint(toWorld, point, point);
    const place = Cartesian3.magnitude(point) > 1e6 ? Ellipsoid.WGS84.cartesianToCartographic(point) : undefined;
    seen.outside = Math.max(seen.outside, beyond(tile.boundingVolume, point, place));
    if (place !== undefined) {
      extend(seen, place);
    }
  }
}

function beyond(volume, point, place) {
  if (volume.rectangle === undefined) {
    return Math.sqrt(volume.boundingVolume.distanceSquaredTo(point));
  }
  const { west, south, east, north } = volume.rectangle;
  const sideways = Math.max(west - place.longitude, place.longitude - east, south - place.latitude, place.latitude - north);
  const upwards = Math.max(volume.minimumHeight - place.height, place.height - volume.maximumHeight);
  return Math.max(0, sideways * Ellipsoid.WGS84.maximumRadius, upwards);
}

function extend(seen, { longitude, latitude, height }) {
  const [lon, lat] = [longitude, latitude].map(Cesium.Math.toDegrees);
  const [w, s, e, n] = seen.place ?? [lon, lat, lon, lat];
  const [low, high] = seen.heights ?? [height, height];
  seen.place = [Math.min(w, lon), Math.min(s, lat), Math.max(e, lon), Math.max(n, lat)];
  seen.heights = [Math.min(low, height), Math.max(high, height)];
}
