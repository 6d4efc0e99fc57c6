// node cesium.mjs API token|share CREDENTIAL IMODEL [CHANGESET], started in build/node: what CesiumJS makes of an
// iModel's exports, as one line of JSON. {"found": false}: there is none yet. {"error": text}: it gave up.
import { Cesium, walk } from "./cesium_walk.mjs";

const [api, kind, credential, iModelId, changesetId] = process.argv.slice(2);
Cesium.ITwinPlatform.apiEndpoint = new Cesium.Resource({ url: `${api}/` });
Cesium.ITwinPlatform[kind === "share" ? "defaultShareKey" : "defaultAccessToken"] = credential;

async function opened() {
  try {
    const tileset = await Cesium.ITwinData.createTilesetFromIModelId({ iModelId, changesetId });
    return tileset === undefined ? { found: false } : { found: true, url: tileset.resource.url, ...(await walk(tileset)) };
  } catch (error) {
    return { error: error.message };
  }
}

console.log(JSON.stringify(await opened()));
