/**
 * What a point-in-time join must answer, in plain loops over all rows for every question. It shares no code with the
 * product and no idea of how to be quick.
 */
export interface OracleFact {
  readonly key: readonly (string | null)[];
  readonly event: number;
  readonly known: number | null;
  readonly number: number | null;
  readonly text: string | null;
  /** What tells which facts correct which; with a null in it, none. */
  readonly identity: readonly (string | number | null)[];
  /** It came by an upsert: earlier facts of the same identity are wrong from when it is known. */
  readonly corrects: boolean;
}

export interface OracleQuestion {
  readonly key: readonly (string | null)[];
  readonly time: number | null;
}

export interface OracleRules {
  /** Null for no cut-off, `row` for the time of each question. */
  readonly cutOff: number | 'row' | null;
  readonly ttl: number | null;
}

/** Whether what the rules let the question know of includes a correction of the fact. */
function isCorrected(
  facts: readonly OracleFact[],
  fact: OracleFact,
  question: OracleQuestion,
  rules: OracleRules,
): boolean {
  if (fact.identity.includes(null)) return false;
  for (let later = facts.indexOf(fact) + 1; later < facts.length; later++) {
    const other = facts[later]!;
    if (!other.corrects || other.identity.some((part, at) => part !== fact.identity[at])) continue;
    if (rules.cutOff === null) return true;
    const limit = rules.cutOff === 'row' ? question.time! : rules.cutOff;
    if (other.known !== null && other.known <= limit) return true;
  }
  return false;
}

/** Whether the fact may be used at all to answer the question. */
function mayUse(
  facts: readonly OracleFact[],
  fact: OracleFact,
  question: OracleQuestion,
  rules: OracleRules,
): boolean {
  if (question.time === null) return false;
  for (let part = 0; part < question.key.length; part++) {
    if (question.key[part] === null || fact.key[part] === null) return false;
    if (question.key[part] !== fact.key[part]) return false;
  }
  if (fact.event > question.time) return false;
  if (isCorrected(facts, fact, question, rules)) return false;
  if (rules.cutOff === null) return true;
  const limit = rules.cutOff === 'row' ? question.time : rules.cutOff;
  return fact.known !== null && fact.known <= limit;
}

/** Whether `a`, which arrived after `b`, comes before it all the same. */
function laterWins(a: OracleFact, b: OracleFact): boolean {
  if (a.event > b.event) return true;
  if (a.event < b.event) return false;
  if (a.known === null) return b.known === null;
  return b.known === null || a.known >= b.known;
}

export function oracleWinner(
  facts: readonly OracleFact[],
  question: OracleQuestion,
  rules: OracleRules,
): OracleFact | null {
  let winner: OracleFact | null = null;
  for (const fact of facts) {
    if (!mayUse(facts, fact, question, rules)) continue;
    if (winner === null || laterWins(fact, winner)) winner = fact;
  }
  if (winner === null || rules.ttl === null) return winner;
  return winner.event < question.time! - rules.ttl ? null : winner;
}

export interface OracleWindow {
  readonly length: number;
  readonly exclusive: boolean;
}

/** The usable facts whose event lies in the window, in order of arrival. */
export function oracleWindow(
  facts: readonly OracleFact[],
  question: OracleQuestion,
  rules: OracleRules,
  window: OracleWindow,
): OracleFact[] {
  const inside: OracleFact[] = [];
  for (const fact of facts) {
    if (!mayUse(facts, fact, question, rules)) continue;
    if (fact.event <= question.time! - window.length) continue;
    if (window.exclusive && fact.event === question.time) continue;
    inside.push(fact);
  }
  return inside;
}

/** The newest of the facts, whatever it holds. */
export function oracleLast(inside: readonly OracleFact[]): OracleFact | null {
  let last: OracleFact | null = null;
  for (const fact of inside) if (last === null || laterWins(fact, last)) last = fact;
  return last;
}

export function oracleDistinct(values: readonly (number | string)[]): number {
  let distinct = 0;
  for (let at = 0; at < values.length; at++) {
    let seen = false;
    for (let before = 0; before < at; before++) if (values[before] === values[at]) seen = true;
    if (!seen) distinct++;
  }
  return distinct;
}

/** Of numbers without nulls; null where the aggregate has no value. */
export function oracleAggregate(name: string, values: readonly number[]): number | null {
  const count = values.length;
  if (name === 'count') return count;
  if (name === 'distinct_count') return oracleDistinct(values);
  if (count === 0) return null;
  if (name.startsWith('p')) return percentile(values, Number(name.slice(1)));
  let total = 0;
  let least = values[0]!;
  let most = values[0]!;
  for (const value of values) {
    total += value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (name === 'min') return least;
  if (name === 'max') return most;
  if (name === 'sum') return noNumberIsNull(total);
  if (name === 'mean') return noNumberIsNull(total / count);
  if (name !== 'stddev') throw new Error(`The oracle knows no ${name}.`);
  if (count < 2) return null;
  let squares = 0;
  for (const value of values) squares += (value - total / count) * (value - total / count);
  return noNumberIsNull(Math.sqrt(squares / (count - 1)));
}

const noNumberIsNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function percentile(values: readonly number[], hundredths: number): number | null {
  const rest = [...values];
  const sorted: number[] = [];
  while (rest.length > 0) {
    let smallest = 0;
    for (let at = 1; at < rest.length; at++) if (rest[at]! < rest[smallest]!) smallest = at;
    sorted.push(rest[smallest]!);
    rest.splice(smallest, 1);
  }
  let below = 0;
  while ((below + 1) * 100 <= (sorted.length - 1) * hundredths) below++;
  const share = ((sorted.length - 1) * hundredths - below * 100) / 100;
  const low = sorted[below]!;
  if (share === 0 || low === sorted[below + 1]) return low;
  return noNumberIsNull(low * (1 - share) + sorted[below + 1]! * share);
}
