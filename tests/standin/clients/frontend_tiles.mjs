// node frontend_tiles.mjs API TOKEN IMODEL ITWIN [CHANGESET [cdn]], started in build/node: what Bentley's own
// @itwin/frontend-tiles finds of an iModel's exports, as one line of JSON: {"url": address of a tileset or null,
// "found": all representations, over all pages of one}.
import { register } from "node:module";

const [api, token, iModelId, iTwinId, changesetId, cdn] = process.argv.slice(2);

// Of the viewer that the package belongs to, this part reads two numbers; the whole of it wants a browser.
const viewer = `data:text/javascript,${encodeURIComponent(
  "export const ITWINJS_CORE_VERSION = '5.13.5';" +
    "export const IModelApp = { tileAdmin: { maximumMajorTileFormatVersion: 33 } };",
)}`;
const resolve = `export const resolve = (name, context, next) =>
  name === "@itwin/core-frontend" ? { url: ${JSON.stringify(viewer)}, shortCircuit: true } : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(resolve)}`);

// The package knows the platform by its name only.
const fetched = globalThis.fetch;
globalThis.fetch = (url, options) => fetched(url.replace("https://api.bentley.com", api), options);

const folder = `${process.cwd()}/node_modules/@itwin/frontend-tiles/lib/esm/GraphicsProvider`;
const tiles = await import(`${folder}/GraphicRepresentationProvider.js`);
const query = () => ({
  accessToken: `Bearer ${token}`,
  sessionId: "cutout",
  dataSource: { iTwinId, id: iModelId, changeId: changesetId || undefined, type: "3DTILES" },
  format: "3DTILES",
  enableCDN: cdn === "cdn",
});

const found = [];
for await (const each of tiles.queryGraphicRepresentations({ ...query(), includeIncomplete: true, numExports: 1 })) {
  found.push(each);
}
const url = await tiles.obtainGraphicRepresentationUrl(query());
console.log(JSON.stringify({ url: url?.toString() ?? null, found }));
