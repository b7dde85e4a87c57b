// Bundles src/ into dist/, which server.mjs serves.
import { build } from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";

const from = (path) => new URL(`./src/${path}`, import.meta.url).pathname;
const dist = new URL("./dist/", import.meta.url).pathname;

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await build({
  entryPoints: { main: from("main.mjs"), style: from("style.css") },
  outdir: dist,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "eof",
  logLevel: "warning",
});
for (const file of ["index.html", "favicon.svg"]) await cp(from(file), dist + file);
