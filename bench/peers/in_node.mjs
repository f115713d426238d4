// One engine of npm's over one folder of the workload: node in_node.mjs ENGINE FOLDER SECONDS
//
// The rules are compiled once. Each order is one call, with all tags of its lines, and answers with
// every rule that matched. Timed by the CPU of the whole process (engines that decide in threads of
// their own are counted), once over fields that are ready and once from the order's JSON on.
import { readFileSync } from "node:fs";
import { fieldsOf, linesWith, rules as makeRules, expected } from "./workload.mjs";

/** name -> rules -> a function from an order's fields to the set of the tags whose rules match. */
const kEngines = {
  async zen(rules) {
    const { ZenEngine } = await import("@gorules/zen-engine");
    const table = {
      hitPolicy: "collect",
      inputs: ["tags", "country", "total"].map((field) => ({ id: field, name: field, field })),
      outputs: [{ id: "tag", name: "tag", field: "tag" }],
      rules: rules.map((rule) => ({
        _id: rule.name, tags: `contains($, "${rule.tag}")`,
        country: rule.countries.map((code) => `"${code}"`).join(", "), total: `> ${rule.over}`,
        tag: `"${rule.tag}"` })),
    };
    const node = (id, type, content) =>
      ({ id, type, name: id, position: { x: 0, y: 0 }, ...(content && { content }) });
    const edge = (from, to) => ({ id: `${from}-${to}`, type: "edge", sourceId: from, targetId: to });
    const decision = new ZenEngine().createDecision({
      nodes: [node("in", "inputNode"), node("table", "decisionTableNode", table),
              node("out", "outputNode")],
      edges: [edge("in", "table"), edge("table", "out")] });
    return async (fields) => {
      const { result } = await decision.evaluate(fields);
      return new Set(Array.isArray(result) ? result.map((row) => row.tag) : []);
    };
  },

  async cedar(rules) {
    const cedar = await import("@cedar-policy/cedar-wasm/nodejs");
    const staticPolicies = Object.fromEntries(rules.map((rule) => [rule.tag,
      `permit(principal, action, resource) when { context.tags.contains("${rule.tag}") && ` +
      `[${rule.countries.map((code) => `"${code}"`).join(", ")}].contains(context.country) && ` +
      `context.cents > ${rule.over * 100} };`]));
    const parsed = cedar.preparsePolicySet("rules", { staticPolicies });
    if (parsed.type !== "success") throw new Error(JSON.stringify(parsed));
    return async ({ tags, country, total }) => {
      const answer = cedar.statefulIsAuthorized({
        principal: { type: "Shop", id: "nordic" }, action: { type: "Action", id: "assign" },
        resource: { type: "Order", id: "1" }, preparsedPolicySetId: "rules", entities: [],
        validateRequest: false,
        context: { tags, country, cents: Math.round(total * 100) } });
      if (answer.type !== "success") throw new Error(JSON.stringify(answer));
      return new Set(answer.response.diagnostics.reason);
    };
  },

  async jsonRules(rules) {
    const { Engine } = await import("json-rules-engine");
    const engine = new Engine();
    for (const rule of rules) {
      engine.addRule({
        conditions: { all: [
          { fact: "tags", operator: "contains", value: rule.tag },
          { fact: "country", operator: "in", value: rule.countries },
          { fact: "total", operator: "greaterThan", value: rule.over }] },
        event: { type: rule.tag } });
    }
    return async (fields) => {
      const { events } = await engine.run(fields);
      return new Set(events.map((event) => event.type));
    };
  },
};

const [, , name, folder, seconds] = process.argv;
const bodies = readFileSync(`${folder}/tagged.ndjson`, "utf8").trimEnd().split("\n");
const orders = bodies.map((body) => JSON.parse(body));
const ready = orders.map(fieldsOf);
const ruleCount = readFileSync(`${folder}/facts.pl`, "utf8").trimEnd().split("\n").length;
const rules = makeRules(ruleCount);
const wanted = expected(rules, orders);

const before = process.cpuUsage();
const decide = await kEngines[name](rules);
const spent = (since) => { const cpu = process.cpuUsage(since); return (cpu.user + cpu.system) / 1e6; };
const load = spent(before);

/** CPU seconds for each decision, over as many orders as the time allows. */
async function measure(fieldsAt) {
  const start = process.cpuUsage();
  const wall = performance.now();
  const answers = [];
  do {
    answers.push(await decide(fieldsAt(answers.length % orders.length)));
  } while (performance.now() - wall < seconds * 1000);
  const each = spent(start) / answers.length;
  answers.forEach((tags, i) => {
    const lines = linesWith(orders[i % orders.length], tags);
    if (lines !== wanted[i % orders.length]) {
      throw new Error(`${name}: order ${i} matches ${wanted[i % orders.length]} lines, not ${lines}`);
    }
  });
  return each;
}

const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const three = async (fieldsAt) => {
  const times = [];
  for (let i = 0; i < 3; ++i) times.push(await measure(fieldsAt));
  return middle(times);
};
const fromFields = (i) => ready[i];
await measure(fromFields);  // warm
const fields = await three(fromFields);
const json = await three((i) => fieldsOf(JSON.parse(bodies[i])));
console.log(JSON.stringify({ load, fields, json }));
process.exit(0);
