// Drives docxtemplater for bench/fill.py: one JSON request a line on stdin, one JSON answer a line on stdout.
//   node worker.js NODE_HOME TEMPLATE
//   {"letters": [data, ...]}          -> {"seconds": s}   fills each, README idiom, and throws the files away
//   {"save": "out.docx", "data": {}}  -> {"ok": true} or {"error": "..."}
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const { createRequire } = require("module");

const [home, template] = process.argv.slice(2);
const load = createRequire(path.join(home, "package.json"));
const PizZip = load("pizzip");
const Docxtemplater = load("docxtemplater");
const content = fs.readFileSync(template);

function fill(data) {
  const options = { paragraphLoop: true, linebreaks: true, errorLogging: false };
  const document = new Docxtemplater(new PizZip(content), options);
  document.render(data);
  return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
}

function answer(request) {
  if (request.letters) {
    const start = process.hrtime.bigint();
    for (const data of request.letters) fill(data);
    return { seconds: Number(process.hrtime.bigint() - start) / 1e9 };
  }
  try {
    fs.writeFileSync(request.save, fill(request.data));
    return { ok: true };
  } catch (error) {
    return { error: String(error && error.message) };
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
});
