/** Rows [from, to) of a column-major float32 matrix with `rows` rows per column. NaN is missing. */
export interface MatrixRows {
  readonly matrix: Float32Array;
  readonly rows: number;
  readonly features: number;
  readonly from: number;
  readonly to: number;
}
