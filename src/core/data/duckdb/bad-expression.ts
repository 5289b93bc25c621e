import { FalajError } from '../../../shared/errors.ts';

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

export function badExpression(named: NamedExpression, reason: string): FalajError {
  return new FalajError(
    'BAD_EXPRESSION',
    `The expression of "${named.name}" is refused: ${reason}${/[.?!]$/.test(reason) ? '' : '.'}`,
    {
      hint: "Write DuckDB SQL over the columns of one row, such as delay > 15 or date_part('hour', date).",
      details: { name: named.name },
    },
  );
}
