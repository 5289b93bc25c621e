import { inputKind } from '../../numerics/preprocessing/index.ts';
import { type Column, isPresent } from '../../shared/table/column.ts';
import { type ModelFeature, stepOf } from '../registry/index.ts';
import { typeMismatch } from './encode-column.ts';
import type { WireTensor } from './tensor.ts';

/** The rows [from, to) of a column as a model reads them raw: missing numbers and times are NaN, missing texts empty. */
export function rawTensor(column: Column, feature: ModelFeature, from: number, to: number): WireTensor {
  const dims = [to - from, 1];
  const kind = inputKind(stepOf(feature));
  if (kind === 'text') {
    if (column.type !== 'string') throw typeMismatch(column, feature);
    const { dictionary, values } = column;
    const data = Array.from({ length: to - from }, (_, at) =>
      isPresent(column, from + at) ? dictionary[values[from + at]!]! : '',
    );
    return { type: 'string', dims, data };
  }
  if (column.type === 'string') throw typeMismatch(column, feature);
  const data = kind === 'time' ? new Float64Array(to - from) : new Float32Array(to - from);
  for (let at = 0; at < data.length; at++)
    data[at] = isPresent(column, from + at) ? Number(column.values[from + at]!) : Number.NaN;
  return data instanceof Float64Array ? { type: 'float64', dims, data } : { type: 'float32', dims, data };
}
