// node cesium_tileset.mjs URL, started in build/node: opens the tileset at an address with CesiumJS, every tile of it,
// and prints what there was as one line of JSON. The fields are those of cesium_walk.mjs.
import { Cesium, walk } from "./cesium_walk.mjs";

const tileset = await Cesium.Cesium3DTileset.fromUrl(process.argv[2]);
console.log(JSON.stringify(await walk(tileset)));
