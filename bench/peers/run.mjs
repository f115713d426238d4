// Runs every engine over the same rules and orders and prints one table: see README.md.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expected, write } from "./workload.mjs";

const kSizes = (process.env.SIZES ?? "10,1000,10000").split(",").map(Number);
const kSeconds = Number(process.env.SECONDS ?? 2);
const kOrders = Number(process.env.ORDERS ?? 20000);
const consign = process.argv[2] ?? "build/bench/bin/consign";
const here = import.meta.dirname;

/** Runs to the end, at most a minute; its output and the CPU seconds it took. */
function run(command, args, options = {}) {
  const marked = spawnSync("bash", ["-c", 'TIMEFORMAT="cpu %U %S"; time timeout 60 "$@"', "bash",
    command, ...args], { encoding: "utf8", maxBuffer: 1 << 30, ...options });
  const time = marked.stderr?.match(/^cpu ([\d.]+) ([\d.]+)$/m);
  if (marked.status !== 0) throw new Error(`${command}: ${marked.stderr}`);
  return { out: marked.stdout, cpu: Number(time[1]) + Number(time[2]) };
}

const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const sum = (values) => values.reduce((total, value) => total + value, 0);
/** The middle of three differences between a run with all orders and one with few or none. */
const difference = (all, few) => middle([1, 2, 3].map(() => all().cpu - few().cpu));

function agree(name, lines, wanted) {
  if (lines !== wanted) throw new Error(`${name} finds ${lines} lines, not ${wanted}`);
}

const kEngines = {
  consign(folder, wanted) {
    const decide = (orders, extra = {}) => run(consign, ["decide", "--rules", `${folder}/rules`,
      "--facts", `${folder}/facts.json`, "--now", "2026-11-21T10:00:00Z", `${folder}/${orders}`],
      extra);
    const answers = decide("orders.ndjson").out.trimEnd().split("\n").map((line) => JSON.parse(line));
    agree("consign", sum(answers.map((answer) => answer.lines.filter((line) =>
      line.parts.some((part) => part.outcome === "assigned")).length)), sum(wanted));
    const quiet = { stdio: ["ignore", "ignore", "pipe"] };
    return { load: decide("few.ndjson").cpu,
             json: difference(() => decide("orders.ndjson", quiet),
                              () => decide("few.ndjson", quiet)) / (kOrders - 2) };
  },

  "Prolog, table": (folder, wanted) => prolog("facts", folder, wanted),
  "Prolog, a clause a rule": (folder, wanted) => prolog("clauses", folder, wanted),

  "CLIPS, order and tags": (folder, wanted) => clips("joined", folder, wanted),
  "CLIPS, one fact a tag": (folder, wanted) => clips("wide", folder, wanted),

  "GoRules Zen": (folder) => inNode("zen", folder),
  "Cedar (wasm)": (folder) => inNode("cedar", folder),
  "json-rules-engine": (folder) => inNode("jsonRules", folder),
};

function clips(spelling, folder, wanted) {
  const script = (orders) => {
    // CLIPS waits for ever at the end of its input: every script ends with (exit).
    writeFileSync(`${folder}/run.clp`, `(load* "${folder}/${spelling}.clp")\n` +
      `(decide-all ${spelling} "${folder}/${orders}")\n(printout t ?*lines* crlf)\n(exit)\n`);
    return run("clips", ["-f2", `${here}/in_clips.clp`, "-f2", `${folder}/run.clp`],
               { input: "(exit)\n" });
  };
  writeFileSync(`${folder}/none.words`, "");
  agree("CLIPS", Number(script("orders.words").out.match(/^\d+/m)[0]), sum(wanted));
  return { load: script("none.words").cpu,
           fields: difference(() => script("orders.words"), () => script("none.words")) / kOrders };
}

function prolog(spelling, folder, wanted) {
  const { out } = run("swipl", ["-O", `${here}/in_prolog.pl`, "--", spelling, folder,
    String(kSeconds)]);
  const rows = Object.fromEntries(out.trim().split("\n").map((line) => {
    const [name, value, done, lines] = line.split(" ");
    if (done) agree(`Prolog (${name})`, Number(lines), sum(wanted.slice(0, Number(done))));
    return [name, Number(value)];
  }));
  return rows;
}

const inNode = (name, folder) =>
  JSON.parse(run(process.execPath, [`${here}/in_node.mjs`, name, folder, String(kSeconds)]).out);

const rate = (seconds) => seconds === undefined ? "–"
  : Number((1 / seconds).toPrecision(2)).toLocaleString("en");
const load = readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");
console.log(`decisions per CPU second; ${kOrders} orders; load ${load}\n`);
console.log("| engine | rules | fields ready | JSON in | load, s |\n|---|---:|---:|---:|---:|");
for (const size of kSizes) {
  const folder = mkdtempSync(`${tmpdir()}/peers-`);
  try {
    const made = write(folder, size, kOrders);
    const wanted = expected(made.rules, made.orders);
    for (const [name, engine] of Object.entries(kEngines)) {
      if (process.env.ONLY && !process.env.ONLY.split(";").includes(name)) continue;
      let row;
      try {
        row = engine(folder, wanted);
      } catch (error) {
        console.log(`| ${name} | ${size} | ${String(error.message).slice(0, 300)} | | |`);
        continue;
      }
      console.log(`| ${name} | ${size} | ${rate(row.fields)} | ${rate(row.json)} | ` +
                  `${row.load.toFixed(2)} |`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
