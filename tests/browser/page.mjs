// Opens a page in a real browser, at desk and phone width, light and dark, and does what a reviewer
// does. Prints what is wrong, and ends with 1 if anything is.
import fs from "node:fs";
import { createRequire } from "node:module";

const [file, modules, chromium, pictures] = process.argv.slice(2);
const require = createRequire(`${modules}/package.json`);
const { default: puppeteer } = await import(require.resolve("puppeteer-core"));
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const wrong = [];
const check = (isRight, words) => { if (!isRight) wrong.push(words); };

const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
for (const [name, width, scheme] of [["desk", 1280, "light"], ["phone", 390, "light"], ["dark", 1280, "dark"]]) {
  const page = await browser.newPage();
  page.on("console", (message) => wrong.push(`${name}: console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`${name}: ${error}`));
  page.on("dialog", (dialog) => { wrong.push(`${name}: a dialog`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) wrong.push(`${name}: asks for ${request.url()}`);
  });
  await page.setViewport({ width, height: 900, isMobile: name === "phone" });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(`file://${file}`);
  const number = (query) => page.evaluate((it) => document.querySelectorAll(it).length, query);
  check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: too wide`);
  check(await number("details.item") > 2, `${name}: no items`);
  await page.keyboard.press("c");
  check(await number("details.item[open]") === 0, `${name}: c closes all`);
  await page.keyboard.press("e");
  check(await number("details.item:not([open])") === 0, `${name}: e opens all`);
  await page.keyboard.press("j");
  check(await page.evaluate(() => document.activeElement.tagName === "SUMMARY"), `${name}: j goes to an item`);
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  const all = await number("details.item");
  await page.select("#by-risk", "drop-column");
  const filtered = await number("details.step:not([hidden])");
  check(filtered > 0 && filtered < await number("details.step"), `${name}: filters by risk`);
  await page.keyboard.press("Escape");
  check(await number("details.item:not([hidden])") === all, `${name}: Escape shows all`);
  await page.select("#by-severity", "error");
  check(await number("details.step.warning:not([hidden])") === 0, `${name}: filters by severity`);
  await page.keyboard.press("Escape");
  await page.select("#by-table", await page.evaluate(() => document.querySelector("#by-table").options[1].value));
  check(await number("details.item:not([hidden])") < all, `${name}: filters by table`);
  await page.keyboard.press("Escape");
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("d");
  check(before !== await ground(), `${name}: d changes the colours`);
  await page.keyboard.press("d");
  await page.keyboard.press("c");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  check(await number("details:not([open])") === 0, `${name}: everything is printed`);
  const { violations } = await page.evaluate(async (source) => { (0, eval)(source); return axe.run(); }, axe);
  for (const it of violations) {
    wrong.push(`${name}: accessibility: ${it.id}: ${it.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
  }
  await page.close();
}
const page = await browser.newPage();
await page.goto(`file://${file}`);
const pdf = await page.pdf({ format: "A4" });
check(pdf.length > 20000, "nothing is printed");
await browser.close();
console.log(wrong.join("\n"));
process.exit(wrong.length > 0 ? 1 : 0);
