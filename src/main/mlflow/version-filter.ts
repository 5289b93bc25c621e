import { type Condition, parseFilter } from '../../core/tracking/index.ts';
import { FalajError } from '../../shared/errors.ts';

/** What of a model or version can be searched. A model alone has only its name. */
export interface Searched {
  readonly name: string;
  readonly version_number?: string;
  readonly run_id?: string;
}

/** A registry's filter as a predicate. Its models have no tags: only conditions that say so hold of them. */
export function versionFilter(filter: string | undefined): (item: Searched) => boolean {
  const conditions = parseFilter(filter ?? '').map(predicateOf);
  return (item) => conditions.every((holds) => holds(item));
}

function predicateOf(condition: Condition): (item: Searched) => boolean {
  const { entity, name, operator } = condition;
  if (entity === 'tag') {
    const holds = operator === '!=' || operator === 'IS NULL' || operator === 'NOT IN';
    return () => holds;
  }
  if (entity !== 'attribute' || (name !== 'name' && name !== 'version_number' && name !== 'run_id'))
    throw new FalajError('BAD_INPUT', `Invalid filter: ${entity}s.${name} cannot be searched here.`, {
      hint: 'There are name, version_number and run_id.',
    });
  const test = testOf(condition);
  return (item) => {
    const value = item[name];
    return value !== undefined && test(value);
  };
}

function testOf(condition: Condition): (value: string) => boolean {
  switch (condition.operator) {
    case '=':
      return (value) => value === String(condition.value);
    case '!=':
      return (value) => value !== String(condition.value);
    case 'IN':
      return (value) => condition.values.includes(value);
    case 'NOT IN':
      return (value) => !condition.values.includes(value);
    case 'LIKE':
    case 'ILIKE': {
      const pattern = String(condition.value)
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('%', '.*')
        .replaceAll('_', '.');
      const expression = new RegExp(`^${pattern}$`, condition.operator === 'ILIKE' ? 'isu' : 'su');
      return (value) => expression.test(value);
    }
    default:
      throw new FalajError(
        'BAD_INPUT',
        `Invalid filter: ${condition.operator} does not compare ${condition.name}.`,
      );
  }
}
