// Has the real Mermaid read files; ends with 1 if it refuses one.
import fs from "node:fs";
import { createRequire } from "node:module";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(`${modules}/package.json`);
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import(`${modules}/node_modules/mermaid/dist/mermaid.esm.min.mjs`);
let refused = 0;
for (const file of files) {
  try {
    await mermaid.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    refused += 1;
    console.log(`${file}: ${error}`);
  }
}
process.exit(refused > 0 ? 1 : 0);
