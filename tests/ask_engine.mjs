// Asks the engine in a browser's Python: `node ask_engine.mjs ENGINE.zip ASKS.json` prints each answer's SHA-256 and, where it is short, its text.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const python = await loadPyodide({ env: { PYTHONDONTWRITEBYTECODE: "1", SOURCE_DATE_EPOCH: "0" } });
python.unpackArchive(new Uint8Array(readFileSync(process.argv[2])), "zip", { extractDir: "/engine" });
const answer = python.runPython("import sys; sys.path.insert(0, '/engine'); from benchsheet.live import answer; answer");
const told = JSON.parse(readFileSync(process.argv[3], "utf8")).map((asked) => {
  const text = answer(asked);
  return { hash: createHash("sha256").update(text).digest("hex"), text: text.length < 4000 ? text : "" };
});
process.stdout.write(JSON.stringify({ python: python.runPython("sys.version.split()[0]"), told }));
