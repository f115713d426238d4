// The workload, the same for every engine: N rules "some line's product has tag t_i, the country is
// one of three, the total is over x", and orders of five lines and about 3 KB whose tags are spread
// over twice the rules' tags.
import { mkdirSync, writeFileSync } from "node:fs";

const kCountries = [
  "SE", "NO", "DK", "FI", "DE", "FR", "IT", "ES", "PT", "PL", "CZ", "AT", "CH", "BE", "NL",
  "GB", "IE", "US", "CA", "AU", "NZ", "JP", "KR", "CN", "IN", "BR", "MX", "ZA", "TR", "GR"];

/** Numbers that look random and come out the same on every machine. */
function numbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What each rule asks for. */
export function rules(count) {
  const random = numbers(17);
  return Array.from({ length: count }, (_, i) => ({
    name: `r${i}`,
    tag: `t${i}`,
    countries: [0, 1, 2].map((third) => kCountries[random(10) * 3 + third]),
    over: random(900),
  }));
}

/** Orders as a shop sends them; the catalogue knows the tags. */
export function orders(ruleCount, count) {
  const random = numbers(42);
  return Array.from({ length: count }, (_, n) => ({
    shop: "nordic", id: String(100000 + n), placed_at: "2026-11-21T09:59:12Z", currency: "EUR",
    total: `${random(1000)}.40`, payment: "paid",
    ship_to: { name: "A. Berg", address: "Storgatan 1", city: "Umeå", postcode: "903 26",
               country: kCountries[random(30)] },
    customer: { id: "c-9", email: "a.berg@example.com", orders_count: 2 },
    tags: ["web"], note: "n".repeat(800),
    lines: [0, 1, 2, 3, 4].map((line) => {
      const number = random(2 * ruleCount);
      return { id: String(line), product: `p${number}`, sku: `SKU-${number}`,
               title: "t".repeat(200), quantity: 2, price: "19.90", grams: 300,
               properties: { colour: "red", size: "L" } };
    }),
  }));
}

/** The tags of a product, as the catalogue has them. */
export const tagsOf = (product) => ["web", `t${product.slice(1)}`];

/** An order with the tags in its lines, for engines that join no catalogue. */
export const withTags = (order) => ({
  ...order, lines: order.lines.map((line) => ({ ...line, tags: tagsOf(line.product) })) });

/** What rules read of an order (its tags in its lines). */
export const fieldsOf = (order) => ({
  tags: order.lines.flatMap((line) => line.tags),
  country: order.ship_to.country,
  total: Number(order.total),
});

/** How many lines bear the tag of a rule that matched the order. */
export function linesWith(order, tags) {
  return order.lines.filter((line) => line.tags.some((tag) => tags.has(tag))).length;
}

/** The answer to agree with: how many lines of each order (its tags in its lines) match. */
export function expected(ruleList, orderList) {
  const byTag = new Map(ruleList.map((rule) => [rule.tag, rule]));
  return orderList.map((order) => order.lines.filter((line) => line.tags.some((tag) => {
    const rule = byTag.get(tag);
    return rule && rule.countries.includes(order.ship_to.country) && Number(order.total) > rule.over;
  })).length);
}

/** Everything as files below `folder`, for the engines that are programs of their own. */
export function write(folder, ruleCount, orderCount) {
  const list = rules(ruleCount);
  const plain = orders(ruleCount, orderCount);
  const tagged = plain.map(withTags);
  const lines = (items) => items.join("\n") + "\n";
  const put = (name, text) => writeFileSync(`${folder}/${name}`, text);
  mkdirSync(`${folder}/rules`, { recursive: true });

  put("rules/peers.rules", lines(["supplier acme", ...list.map((rule) =>
    `rule ${rule.name} {\n  when product.tag = "${rule.tag}" and order.ship_to.country in { ` +
    `${rule.countries.map((code) => `"${code}"`).join(", ")} } and order.total > ${rule.over} EUR\n` +
    `  then assign to acme\n}`)]));
  const products = Array.from({ length: 2 * ruleCount }, (_, i) => `p${i}`);
  put("facts.json", JSON.stringify({
    products: products.map((id) => ({ shop: "nordic", id, tags: tagsOf(id) })) }));
  put("orders.ndjson", lines(plain.map((order) => JSON.stringify(order))));
  put("few.ndjson", lines(plain.slice(0, 2).map((order) => JSON.stringify(order))));
  put("tagged.ndjson", lines(tagged.map((order) => JSON.stringify(order))));

  // CLIPS reads no JSON: country, total and the tags of five lines, as words.
  put("orders.words", lines(tagged.map((order) => [order.ship_to.country, order.total,
    ...order.lines.flatMap((line) => line.tags)].join(" "))));
  const count = "(bind ?*lines* (+ ?*lines* 1))";
  put("joined.clp", lines(list.map((rule) =>
    `(defrule ${rule.name} (tag ${rule.tag} ?line) (order ?country ?total) ` +
    `(test (and (> ?total ${rule.over}) (or ` +
    `${rule.countries.map((code) => `(eq ?country ${code})`).join(" ")}))) => ${count})`)));
  put("wide.clp", lines(list.map((rule) =>
    `(defrule ${rule.name} (line ${rule.tag} ${rule.countries.join("|")} ` +
    `?total&:(> ?total ${rule.over}) ?line) => ${count})`)));

  const atoms = (items) => `[${items.map((item) => `'${item}'`).join(",")}]`;
  put("facts.pl", lines(list.map((rule) =>
    `rule(${rule.tag}, ${atoms(rule.countries)}, ${rule.over}).`)));
  put("clauses.pl", lines(list.map((rule) =>
    `fires(${rule.name}, order(Country, Total, Lines), Line) :- ` +
    `member(line(Line, Tags), Lines), memberchk(${rule.tag}, Tags), ` +
    `memberchk(Country, ${atoms(rule.countries)}), Total > ${rule.over}.`)));
  put("orders.pl", lines(tagged.map((order) =>
    `order('${order.ship_to.country}', ${order.total}, [` + order.lines.map((line) =>
      `line(${line.id}, ${atoms(line.tags)})`).join(",") + "]).")));
  return { rules: list, orders: tagged };
}
