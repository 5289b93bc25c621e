import { type DatePart, inputKind, type Preprocessing, type Step } from '../preprocessing/index.ts';
import { type Constant, type Graph, type GraphInput, INPUT_NAME, type Node, writeModel } from './model.ts';

const [FLOAT, INT64] = [1, 7];
const INPUT_TYPES = { number: 'float32', time: 'float64', text: 'string' } as const;
const MICROS_PER_HOUR = 3_600_000_000;
const MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

/**
 * One graph from raw columns, one input each by its name, to a model's output. Missing texts are empty, missing numbers and
 * times NaN. No column may be called as the output is.
 */
export function withPreprocessing(preprocessing: Preprocessing, plain: Graph): Uint8Array {
  const model = withOwnNames(plain);
  const builder = new StepBuilder();
  const parts = preprocessing.steps.map((step, index) => builder.add(step, `step_${index}`));
  const join: Node = {
    operator: 'Concat',
    inputs: parts,
    outputs: [`${OWN}${INPUT_NAME}`],
    attributes: [{ name: 'axis', integer: 1 }],
  };
  const inputs = new Map<string, GraphInput>();
  for (const step of preprocessing.steps)
    inputs.set(step.column, { name: step.column, type: INPUT_TYPES[inputKind(step)] });
  return writeModel({
    ...model,
    inputs: [...inputs.values()],
    nodes: [...builder.nodes, join, ...model.nodes],
    constants: [...builder.constants, ...model.constants],
  });
}

const OWN = '__model_';

/** A column may be called anything: the model's own names give way. */
function withOwnNames(graph: Graph): Graph {
  const renamed = (name: string): string => (name === graph.output || name === '' ? name : `${OWN}${name}`);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
    })),
    constants: graph.constants.map((constant) => ({ ...constant, name: renamed(constant.name) })),
  };
}

class StepBuilder {
  readonly nodes: Node[] = [];
  readonly constants: Constant[] = [];
  #names = 0;

  /** Adds the nodes of a step and returns the name of its columns, a float32 matrix. */
  add(step: Step, prefix: string): string {
    switch (step.kind) {
      case 'number': {
        const missing = this.#node('IsNaN', [step.column], prefix);
        const filled = this.#node('Where', [missing, this.#floats([1], [step.fill]), step.column], prefix);
        const centred = this.#node('Sub', [filled, this.#floats([1], [step.centre])], prefix);
        const scaled = this.#node('Mul', [centred, this.#floats([1], [step.factor])], prefix);
        return step.indicator ? this.#concat([scaled, this.#cast(missing, FLOAT, prefix)], prefix) : scaled;
      }
      case 'raw':
        return step.column;
      case 'time': {
        const { column, fill } = step;
        const filled =
          fill === null
            ? column
            : this.#node(
                'Where',
                [this.#node('IsNaN', [column], prefix), this.#doubles([fill]), column],
                prefix,
              );
        const parts = step.parts.map((part) =>
          this.#cast(this.#datePart(part, filled, prefix), FLOAT, prefix),
        );
        return this.#concat(parts, prefix);
      }
      case 'oneHot': {
        const place = this.#labels(
          step.column,
          step.values,
          { integers: step.values.map((_, index) => index) },
          -1,
          prefix,
        );
        return this.#buckets(place, step.values.length, prefix);
      }
      case 'lookup':
        return this.#labels(
          step.column,
          [...step.values, ''],
          { floats: [...step.numbers, step.missing ?? Number.NaN] },
          step.other,
          prefix,
        );
      case 'hash': {
        const hash = this.#node('MurmurHash3', [step.column], prefix, {
          domain: 'com.microsoft',
          attributes: [
            { name: 'positive', integer: 1 },
            { name: 'seed', integer: step.seed },
          ],
        });
        const whole = this.#cast(hash, INT64, prefix);
        const bucket = this.#node('Mod', [whole, this.#integers([step.buckets])], prefix);
        const columns = this.#buckets(bucket, step.buckets, prefix);
        // a missing text is in no bucket
        const there = this.#labels(step.column, [''], { floats: [0] }, 1, prefix);
        return this.#node('Mul', [columns, there], prefix);
      }
    }
  }

  /** Floor arithmetic on float64, exact for whole numbers below 2⁵³; the calendar by Hinnant's days-to-civil formulas. */
  #datePart(part: DatePart, micros: string, prefix: string): string {
    const divide = (a: string, by: number): string => this.#node('Div', [a, this.#doubles([by])], prefix);
    const floor = (a: string): string => this.#node('Floor', [a], prefix);
    const plus = (a: string, b: number): string => this.#node('Add', [a, this.#doubles([b])], prefix);
    const times = (a: string, b: number): string => this.#node('Mul', [a, this.#doubles([b])], prefix);
    const minus = (a: string, b: string): string => this.#node('Sub', [a, b], prefix);
    if (part === 'days') return divide(micros, MICROS_PER_DAY);
    const day = floor(divide(micros, MICROS_PER_DAY));
    if (part === 'hour') return floor(divide(minus(micros, times(day, MICROS_PER_DAY)), MICROS_PER_HOUR));
    if (part === 'weekday') {
      const shifted = plus(day, 3);
      return minus(shifted, times(floor(divide(shifted, 7)), 7));
    }
    const shifted = plus(day, 719_468);
    const dayOfEra = minus(shifted, times(floor(divide(shifted, 146_097)), 146_097));
    const leapless = minus(dayOfEra, floor(divide(dayOfEra, 1460)));
    const yearOfEra = floor(
      divide(
        minus(
          this.#node('Add', [leapless, floor(divide(dayOfEra, 36_524))], prefix),
          floor(divide(dayOfEra, 146_096)),
        ),
        365,
      ),
    );
    const daysBefore = minus(
      this.#node('Add', [times(yearOfEra, 365), floor(divide(yearOfEra, 4))], prefix),
      floor(divide(yearOfEra, 100)),
    );
    const dayOfYear = minus(dayOfEra, daysBefore);
    // months counted from March
    const month = floor(divide(plus(times(dayOfYear, 5), 2), 153));
    if (part === 'dayOfMonth') return plus(minus(dayOfYear, floor(divide(plus(times(month, 153), 2), 5))), 1);
    const fromMarch = plus(month, 2);
    return plus(minus(fromMarch, times(floor(divide(fromMarch, 12)), 12)), 1);
  }

  #labels(
    column: string,
    keys: readonly string[],
    values: { readonly integers: readonly number[] } | { readonly floats: readonly number[] },
    other: number,
    prefix: string,
  ): string {
    const isFloat = 'floats' in values;
    return this.#node('LabelEncoder', [column], prefix, {
      domain: 'ai.onnx.ml',
      attributes: [
        { name: 'keys_strings', texts: keys },
        isFloat
          ? { name: 'values_floats', floats: values.floats }
          : { name: 'values_int64s', integers: values.integers },
        isFloat ? { name: 'default_float', float: other } : { name: 'default_int64', integer: other },
      ],
    });
  }

  /** A column of bucket numbers as one column of 0 and 1 per bucket; −1 is in none. */
  #buckets(place: string, count: number, prefix: string): string {
    const all = this.#integers(Array.from({ length: count }, (_, bucket) => bucket));
    return this.#cast(this.#node('Equal', [place, all], prefix), FLOAT, prefix);
  }

  #concat(parts: readonly string[], prefix: string): string {
    return parts.length === 1
      ? parts[0]!
      : this.#node('Concat', parts, prefix, { attributes: [{ name: 'axis', integer: 1 }] });
  }

  #cast(value: string, to: number, prefix: string): string {
    return this.#node('Cast', [value], prefix, { attributes: [{ name: 'to', integer: to }] });
  }

  #node(
    operator: string,
    inputs: readonly string[],
    prefix: string,
    more: Pick<Node, 'domain' | 'attributes'> = {},
  ): string {
    const output = this.#name(prefix);
    this.nodes.push({ operator, inputs, outputs: [output], ...more });
    return output;
  }

  #floats(dims: readonly number[], values: readonly number[]): string {
    const name = this.#name('number');
    this.constants.push({ name, dims, values });
    return name;
  }

  #integers(integers: readonly number[]): string {
    const name = this.#name('integers');
    this.constants.push({ name, dims: [integers.length], integers });
    return name;
  }

  #doubles(doubles: readonly number[]): string {
    const name = this.#name('double');
    this.constants.push({ name, dims: [doubles.length], doubles });
    return name;
  }

  /** Underscored and numbered: no raw column or node of a model is called so. */
  #name(prefix: string): string {
    return `__${prefix}_${this.#names++}`;
  }
}
